package io.tacit.client;

import io.tacit.client.connection.ComeBack;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.client.ledger.PrivacyLedger;
import io.tacit.client.ledger.Receipt;
import io.tacit.client.rounds.ArtifactCache;
import io.tacit.client.rounds.DeclineReason;
import io.tacit.client.rounds.Device;
import io.tacit.client.rounds.DeviceTimer;
import io.tacit.client.rounds.LeavingUpdate;
import io.tacit.client.rounds.Pacing;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundParticipant;
import io.tacit.client.rounds.RoundStep;
import io.tacit.client.secagg.RecordVerdict;
import io.tacit.client.secagg.RosterTrust;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.training.ExampleSource;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.crypto.IdentityCertificate;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in rounds with the files of a client, keeps the ledger, and says in the app's words
 * what came of it. For the thread of rounds alone.
 */
final class Participant {

  /** Plans, catalogues and models that are kept in memory between participations. */
  private static final long CACHE_BYTES = 32L << 20;

  private static final Duration AFTER_ROUND = Duration.ofMinutes(1);
  private static final Duration AFTER_CONTRIBUTION = Duration.ofMinutes(15);
  private static final Duration AFTER_TOO_LITTLE_DATA = Duration.ofHours(1);
  private static final Duration AFTER_STUCK = Duration.ofHours(6);

  /** Another plan may come. */
  private static final Duration AFTER_EXHAUSTED = Duration.ofDays(1);

  private static final Duration OFFLINE_MAX = Duration.ofHours(4);

  private final ClientSettings settings;
  private final ClientFiles files;
  private final ExampleSource examples;
  private final Consumer<ParticipationStep> progress;
  private final SecureRandom random = new SecureRandom();
  private final ArtifactCache artifacts;
  private @Nullable TrainingEngine engine;
  private int failedConnections;

  /**
   * @param examples of the behaviour in these files
   * @param progress hears how far a participation is
   */
  Participant(
      ClientSettings settings,
      ClientFiles files,
      ExampleSource examples,
      Consumer<ParticipationStep> progress) {
    this.settings = settings;
    this.files = files;
    this.examples = examples;
    this.progress = progress;
    this.artifacts = new ArtifactCache(CACHE_BYTES, files.models()::artifact);
  }

  /** Whether it works with these files. */
  boolean isOf(ClientFiles others) {
    return files == others;
  }

  /**
   * Takes part once. Interrupt the thread to stop it.
   *
   * @param certificate with which the connection is made, null without one
   * @throws IOException if the device's storage fails, or the thread was interrupted at its files
   */
  Participation participate(
      CoordinatorConnection connection, @Nullable IdentityCertificate certificate)
      throws IOException {
    files.ledger().requireCounted();
    try {
      Watch watch = new Watch(files.ledger(), settings.clock(), progress);
      ParticipationOutcome outcome = roundParticipant(connection, certificate).participate(watch);
      watch.ended(outcome);
      return explain(outcome);
    } catch (OutOfMemoryError e) {
      // What was taken for training is free again: the app itself need not suffer.
      return Participation.stuck(
          Participation.Result.OUT_OF_MEMORY,
          "There is not enough memory to train the model of the plan on this device.",
          AFTER_STUCK);
    }
  }

  /** Anew each time: whoever was forgotten comes back as somebody else. */
  private RoundParticipant roundParticipant(
      CoordinatorConnection connection, @Nullable IdentityCertificate certificate)
      throws IOException {
    DeviceIdentity identity = DeviceIdentity.openOrCreate(files.storage(), random);
    if (engine == null) {
      engine = settings.newEngine();
    }
    LocalTrainer trainer =
        new LocalTrainer(
            examples,
            engine,
            new StoredUserVectors(files.storage()),
            random::nextLong,
            identity.holdoutSalt());
    return new RoundParticipant(
        ParticipantSettings.of(settings.population(), settings.policy()),
        Device.of(identity, new RoundLatch(files.storage(), settings.clock()), random)
            .certified(certificate, trust()),
        connection,
        artifacts,
        trainer,
        new Pacing(DeviceTimer.system(), random::nextDouble));
  }

  /** Where the app pins authorities, devices are who has a certificate of one. */
  private RosterTrust trust() {
    Enrolment enrolment = settings.enrolment();
    return enrolment == null
        ? RosterTrust.inKeysAlone()
        : RosterTrust.in(enrolment.authorities(), settings.clock());
  }

  private Participation explain(ParticipationOutcome outcome) {
    if (!(outcome instanceof ParticipationOutcome.NoConnection)) {
      failedConnections = 0;
    }
    if (outcome instanceof ParticipationOutcome.Contributed contributed) {
      return contributed(contributed);
    } else if (outcome instanceof ParticipationOutcome.ComeBackLater later) {
      return comeBack(later);
    } else if (outcome instanceof ParticipationOutcome.NotEligible not) {
      return Participation.of(
          Participation.Result.NOT_ELIGIBLE,
          "This device stays out of round " + not.round() + ": " + not.detail() + ".",
          AFTER_TOO_LITTLE_DATA);
    } else if (outcome instanceof ParticipationOutcome.Declined declined) {
      return declined(declined);
    } else if (outcome instanceof ParticipationOutcome.NoConnection away) {
      return away(away.reason(), away.detail(), away.after());
    } else if (outcome instanceof ParticipationOutcome.Interrupted) {
      return Participation.of(
          Participation.Result.STOPPED, "Taking part was stopped.", AFTER_ROUND);
    }
    return Participation.of(Participation.Result.ROUND_LOST, lost(outcome), jittered(AFTER_ROUND));
  }

  private static Participation contributed(ParticipationOutcome.Contributed contributed) {
    String message =
        "This device's update is one of "
            + contributed.contributors()
            + " in the new model of round "
            + contributed.round();
    if (contributed.record() instanceof RecordVerdict.Contradicted contradicted) {
      return Participation.stuck(
          Participation.Result.CONTRIBUTED,
          message
              + ", but the coordinator's record of the round contradicts what this device saw: "
              + contradicted.finding()
              + "; distrust the coordinator and keep record "
              + contradicted.record()
              + ".",
          AFTER_STUCK);
    }
    return Participation.of(Participation.Result.CONTRIBUTED, message + ".", AFTER_CONTRIBUTION);
  }

  private static Participation comeBack(ParticipationOutcome.ComeBackLater later) {
    if (later.reason() == ComeBack.Reason.MODEL_KIND_UNKNOWN) {
      return Participation.stuck(
          Participation.Result.NOTHING_TO_DO,
          "The plan trains a kind of model that this version of the app does not know; update the"
              + " app.",
          AFTER_STUCK);
    }
    return Participation.of(
        Participation.Result.NOTHING_TO_DO,
        "The coordinator has no work for this device now.",
        later.after());
  }

  private static Participation declined(ParticipationOutcome.Declined declined) {
    if (declined.reason() == DeclineReason.LEDGER_EXHAUSTED) {
      return Participation.of(
          Participation.Result.EXHAUSTED,
          "This device takes no more part for now: " + declined.detail() + ".",
          AFTER_EXHAUSTED);
    }
    if (declined.reason() == DeclineReason.PLAN_TOO_NEW) {
      return Participation.stuck(
          Participation.Result.DECLINED,
          "The plan of round "
              + declined.round()
              + " is newer than this app: "
              + declined.detail()
              + "; update the app.",
          AFTER_STUCK);
    }
    String message =
        "This device declines round " + declined.round() + ": " + declined.detail() + ".";
    boolean isOver =
        declined.reason() == DeclineReason.UPDATE_SPENT
            || declined.reason() == DeclineReason.ARTIFACT_MISSING;
    return isOver
        ? Participation.of(Participation.Result.DECLINED, message, AFTER_ROUND)
        : Participation.stuck(Participation.Result.DECLINED, message, AFTER_STUCK);
  }

  /** Nobody answered, or nobody that this build understands. */
  Participation away(ConnectionException.Reason reason, String detail, Duration atLeast) {
    if (reason == ConnectionException.Reason.INTERRUPTED) {
      return stopped();
    }
    if (reason == ConnectionException.Reason.PROTOCOL_MISMATCH) {
      return Participation.stuck(
          Participation.Result.NO_CONNECTION,
          "App and coordinator speak different versions: " + detail + ".",
          AFTER_STUCK);
    }
    if (reason == ConnectionException.Reason.NOT_ADMITTED) {
      return Participation.stuck(
          Participation.Result.NOT_ADMITTED,
          "This device is not admitted: " + detail + ".",
          atLeast.compareTo(AFTER_STUCK) > 0 ? atLeast : AFTER_STUCK);
    }
    Duration wait = AFTER_ROUND.multipliedBy(1L << Math.min(failedConnections++, 10));
    Duration bounded = jittered(wait.compareTo(OFFLINE_MAX) < 0 ? wait : OFFLINE_MAX);
    return Participation.of(
        Participation.Result.NO_CONNECTION,
        "The coordinator can not be reached: " + detail + ".",
        bounded.compareTo(atLeast) < 0 ? atLeast : bounded);
  }

  static Participation stopped() {
    return Participation.of(Participation.Result.STOPPED, "Taking part was stopped.", AFTER_ROUND);
  }

  private static String lost(ParticipationOutcome outcome) {
    if (outcome instanceof ParticipationOutcome.Refused refused) {
      return "The coordinator refused a message of round "
          + refused.round()
          + ": "
          + refused.detail()
          + ".";
    } else if (outcome instanceof ParticipationOutcome.RoundAborted aborted) {
      return "Round " + aborted.round() + " ended without a result: " + aborted.reason() + ".";
    } else if (outcome instanceof ParticipationOutcome.LeftSession left) {
      return "This device left a session of round "
          + left.round()
          + " ("
          + left.reason()
          + "): "
          + left.detail()
          + ".";
    }
    ParticipationOutcome.OutOfTime late = (ParticipationOutcome.OutOfTime) outcome;
    return "This device was too late in round " + late.round() + ".";
  }

  /** Devices that a coordinator lost must not come back as one. */
  private Duration jittered(Duration wait) {
    return Duration.ofMillis((long) (wait.toMillis() * (0.75 + random.nextDouble() / 2)));
  }

  /** Writes down what leaves, and tells how far it is. */
  private static final class Watch implements RoundObserver {

    private final PrivacyLedger ledger;
    private final Clock clock;
    private final Consumer<ParticipationStep> progress;
    private @Nullable ParticipationStep told;
    private @Nullable RoundId left;

    Watch(PrivacyLedger ledger, Clock clock, Consumer<ParticipationStep> progress) {
      this.ledger = ledger;
      this.clock = clock;
      this.progress = progress;
    }

    @Override
    public void reached(RoundId round, RoundStep step) {
      ParticipationStep reached =
          switch (step) {
            case ASSIGNED -> ParticipationStep.TRAINING;
            case TRAINED, ADVERTISED -> ParticipationStep.WAITING;
            case SPENT -> ParticipationStep.SENDING;
            case SENT -> ParticipationStep.SENT;
          };
      if (reached != told) {
        told = reached;
        progress.accept(reached);
      }
    }

    @Override
    public void leaving(LeavingUpdate update) throws IOException {
      ledger.leaving(
          LedgerEntry.leaving(
              clock.instant(),
              update.round(),
              update.planVersion(),
              switch (update.mode()) {
                case PLAIN -> LedgerEntry.Protection.PLAIN;
                case SECURE -> LedgerEntry.Protection.SECURE;
              },
              update.bytes(),
              update.clipNorm(),
              update.rosterSize(),
              update.charge(),
              update.sensitivity(),
              update.reports()));
      left = update.round();
    }

    /** Completes the entry of the update that left, where more is known than that. */
    void ended(ParticipationOutcome outcome) throws IOException {
      if (left == null) {
        return;
      }
      // A refusal is not among them: where an earlier try arrived and only its answer was lost, the
      // round may have ended with this update, and refuses the later try all the same.
      if (outcome instanceof ParticipationOutcome.Contributed contributed) {
        ledger.ended(left, LedgerEntry.Result.CONTRIBUTED, receipt(contributed));
      } else if (outcome instanceof ParticipationOutcome.RoundAborted) {
        ledger.ended(left, LedgerEntry.Result.NOT_USED);
      }
    }

    private static Receipt receipt(ParticipationOutcome.Contributed contributed) {
      RecordVerdict verdict = contributed.record();
      if (verdict instanceof RecordVerdict.Verified verified) {
        return receipt(contributed, Receipt.Record.VERIFIED, verified.record());
      } else if (verdict instanceof RecordVerdict.Contradicted contradicted) {
        return receipt(contributed, Receipt.Record.CONTRADICTED, contradicted.record());
      } else if (verdict instanceof RecordVerdict.Unavailable) {
        return receipt(contributed, Receipt.Record.UNAVAILABLE, null);
      }
      return receipt(contributed, Receipt.Record.NONE, null);
    }

    private static Receipt receipt(
        ParticipationOutcome.Contributed contributed,
        Receipt.Record record,
        @Nullable ContentHash hash) {
      return Receipt.of(contributed.contributors(), record, hash);
    }
  }
}
