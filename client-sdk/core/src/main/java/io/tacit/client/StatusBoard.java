package io.tacit.client;

import io.tacit.client.recommend.ModelUse;
import io.tacit.client.release.ModelDownloadOutcome;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is known of a client and says how it is. Thread-safe; listeners hear of changes on
 * the thread that makes them.
 */
final class StatusBoard {

  private final Consumer<ClientStatus> listener;
  private boolean open;
  private boolean closed;
  private boolean paused;
  private @Nullable ModelUse use;
  private int eventsWaiting;
  private @Nullable String storageProblem;
  private ModelDownloadOutcome.@Nullable Refused modelRefused;
  private @Nullable String bundleRefused;
  private @Nullable ParticipationStep step;
  private @Nullable Participation last;
  private List<String> findings = List.of();
  private ClientStatus told;

  StatusBoard(Consumer<ClientStatus> listener) {
    this.listener = listener;
    this.told = status();
  }

  synchronized ClientStatus status() {
    return now().withFindings(findings);
  }

  private ClientStatus now() {
    if (closed) {
      return ClientStatus.fine(ClientStatus.State.CLOSED, "This client is closed.");
    }
    if (storageProblem != null) {
      return storage(storageProblem);
    }
    if (!open) {
      return ClientStatus.fine(ClientStatus.State.STARTING, "The device's files are being opened.");
    }
    if (paused) {
      return ClientStatus.of(
          ClientStatus.State.PAUSED,
          "Taking part is paused: nothing leaves the device. " + answers() + " go on.",
          "Call resume() to take part again.");
    }
    if (step != null) {
      return ClientStatus.fine(ClientStatus.State.PARTICIPATING, words(step));
    }
    return afterLast();
  }

  private ClientStatus storage(String problem) {
    String events =
        eventsWaiting == 0
            ? ""
            : " " + eventsWaiting + " events wait in memory and are written when it works again.";
    return ClientStatus.of(
        ClientStatus.State.NEEDS_ATTENTION,
        "The device's storage does not work: " + problem + "." + events,
        "Free space on the device, or mend what the message names.");
  }

  private ClientStatus afterLast() {
    Optional<String> problem = last == null ? Optional.empty() : last.problem();
    if (problem.isPresent()) {
      return ClientStatus.of(
          ClientStatus.State.NEEDS_ATTENTION,
          problem.get(),
          "The app goes on without taking part." + goOn());
    }
    if (last != null && last.result() == Participation.Result.NO_CONNECTION) {
      return ClientStatus.of(
          ClientStatus.State.OFFLINE,
          last.message(),
          use != null
              ? "Nothing to do: "
                  + answers().toLowerCase(Locale.ROOT)
                  + " go on, and events are kept."
              : "Nothing to do: events are kept, and recommendations begin with the first"
                  + " contact.");
    }
    if (modelRefused != null) {
      boolean isTooNew = modelRefused.reason() == ModelDownloadOutcome.Reason.PLAN_TOO_NEW;
      return ClientStatus.of(
          ClientStatus.State.NEEDS_ATTENTION,
          "The model that the coordinator offers is "
              + finding(modelRefused.reason())
              + modelRefused.detail()
              + ".",
          (isTooNew ? "Update the app." : "Tell the model's owner.") + goOn());
    }
    if (bundleRefused != null) {
      return ClientStatus.of(
          ClientStatus.State.NEEDS_ATTENTION,
          "The model that the app brings is not used: " + bundleRefused + ".",
          "Mend the app: bring a model whose plan is signed with a task key that it pins.");
    }
    String rest =
        last != null && last.result() == Participation.Result.EXHAUSTED ? " " + last.message() : "";
    return use != null
        ? ClientStatus.fine(ClientStatus.State.READY, answers() + " work." + rest)
        : ClientStatus.fine(
            ClientStatus.State.WAITING_FOR_MODEL,
            "There is no model yet: it comes from the coordinator, with participate() or the"
                + " schedule."
                + rest);
  }

  private static String finding(ModelDownloadOutcome.Reason reason) {
    return switch (reason) {
      case PLAN_TOO_NEW -> "newer than this app: ";
      case PLAN_UNTRUSTED,
          PLAN_EXPIRED,
          PLAN_OLDER,
          NOT_RELEASED,
          RELEASE_UNTRUSTED,
          RELEASE_OLDER,
          RELEASE_FOR_OTHERS ->
          "not used: ";
      case OLDER_VERSION, FOREIGN_PLAN, TOO_LARGE, MISSING, WRONG_HASH, UNUSABLE -> "unusable: ";
    };
  }

  private String goOn() {
    return use == null ? "" : " " + answers() + " go on with the model that is there.";
  }

  /** What the model gives; before there is one, what most give. */
  private String answers() {
    return use == ModelUse.PREDICTIONS ? "Predictions" : "Recommendations";
  }

  private static String words(ParticipationStep step) {
    return switch (step) {
      case TRAINING -> "Takes part in a round: trains on this device.";
      case WAITING -> "Takes part in a round: waits for the other devices; nothing is sent yet.";
      case SENDING -> "Takes part in a round: sends its update.";
      case SENT -> "Takes part in a round: waits for the result.";
    };
  }

  /**
   * @param modelUse null if there is no model
   */
  void opened(boolean isPaused, @Nullable ModelUse modelUse) {
    change(
        () -> {
          open = true;
          storageProblem = null;
          paused = isPaused;
          use = modelUse;
        });
  }

  /** Sentences on what is wrong with the files. */
  void found(List<String> wrong) {
    change(() -> findings = wrong);
  }

  void storageFailed(Throwable failure, int waiting) {
    change(
        () -> {
          storageProblem = firstLine(failure);
          eventsWaiting = waiting;
        });
  }

  void storageWorks() {
    change(
        () -> {
          storageProblem = null;
          eventsWaiting = 0;
        });
  }

  void paused(boolean isPaused) {
    change(() -> paused = isPaused);
  }

  void modelInstalled(ModelUse modelUse) {
    change(
        () -> {
          use = modelUse;
          modelRefused = null;
          bundleRefused = null;
        });
  }

  /** Whatever was refused before is offered no more. */
  void modelUpToDate() {
    change(() -> modelRefused = null);
  }

  void modelRefused(ModelDownloadOutcome.Refused refused) {
    change(() -> modelRefused = refused);
  }

  void bundleRefused(String detail) {
    change(() -> bundleRefused = detail);
  }

  void reached(ParticipationStep newStep) {
    change(() -> step = newStep);
  }

  void participated(Participation participation) {
    change(
        () -> {
          step = null;
          last = participation;
        });
  }

  void closed() {
    change(() -> closed = true);
  }

  private static String firstLine(Throwable failure) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "no reason is known");
    return failure.getClass().getSimpleName() + ", " + message;
  }

  private void change(Runnable step) {
    ClientStatus now;
    synchronized (this) {
      step.run();
      now = status();
      if (now.equals(told)) {
        return;
      }
      told = now;
    }
    listener.accept(now);
  }
}
