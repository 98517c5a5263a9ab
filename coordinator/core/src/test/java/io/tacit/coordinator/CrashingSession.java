package io.tacit.coordinator;

import io.tacit.coordinator.aggregation.SpoolSettings;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.rounds.RoundSettings;
import io.tacit.coordinator.rounds.SecureDevice;
import io.tacit.coordinator.rounds.SecureRounds;
import io.tacit.coordinator.sessions.AwaitOutcome;
import io.tacit.coordinator.sessions.Cut;
import io.tacit.coordinator.sessions.Publication;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.protocol.Stage;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.Survivors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process with a coordinator and the devices of a secure session that ends itself as {@code kill
 * -9} would, at a cut. What devices remember survives: their chance comes from a seed, and what was
 * published to them is in files, against which it is compared when it is published again.
 *
 * <p>Arguments: data directory, what the session is like, and {@code SUBJECT@MOMENT:N} or {@code
 * none}.
 */
final class CrashingSession {

  static final int SIZE = 10;

  /** Devices whose calls of Await are open when a transition is published. */
  private static final int WAITING = 3;

  /** What its session is like. */
  enum Kind {
    CLASSIC(2, SIZE),

    /** The last device leaves before it brings its update, so that its masks are rebuilt. */
    HYBRID_WITH_A_DROPOUT(1, SIZE - 1);

    final int rounds;

    /** Devices whose updates are in the sum: the first ones. */
    final int contributors;

    Kind(int rounds, int contributors) {
      this.rounds = rounds;
      this.contributors = contributors;
    }

    TrainingPlan plan() {
      return CrashingSession.plan(this == CLASSIC ? "classic" : "hybrid", rounds);
    }
  }

  private static TrainingPlan plan(String suite, int rounds) {
    return PlanFile.parse(
        """
        id: crash
        version: 1
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: 10, minimum: 7, over-selection: 2}
        deadlines: {train: 1h, advertise: 5m, share-keys: 5m, input: 5m, consistency: 5m, unmask: 5m}
        server-optimiser: {kind: fed-adam, learning-rate: 0.1, tau: 0.001}
        aggregation: {shards: {size: 10, minimum: 10, suite: %s}}
        rounds: %d
        """
            .formatted(suite, rounds),
        TestPlans.NO_CATALOGUES);
  }

  private final Path memory;
  private final Kind kind;
  private final TrainingPlan plan;
  private final Coordinator coordinator;
  private final Map<Integer, SecureDevice> devices = new HashMap<>();
  private final List<CompletableFuture<AwaitOutcome>> waiting = new ArrayList<>();
  private long deviceRound;

  private CrashingSession(Path directory, Kind kind, RoundListener listener) {
    this.kind = kind;
    this.plan = kind.plan();
    this.memory = directory.resolve("devices");
    this.coordinator = open(directory.resolve("coordinator"), listener);
  }

  static Coordinator open(Path directory, RoundListener listener) {
    Clock clock = Clock.systemUTC();
    return new Coordinator(
        Coordinator.Storage.open(directory, SpoolSettings.defaults(), clock),
        new RoundSettings(Duration.ofMillis(10), 100, Duration.ofMinutes(1), 1),
        clock,
        new SecureRandom(),
        listener);
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory.resolve("devices"));
    new CrashingSession(directory, Kind.valueOf(arguments[1]), listener(arguments[2])).run();
  }

  private static RoundListener listener(String halt) {
    if (halt.equals("none")) {
      return round -> {};
    }
    int colon = halt.lastIndexOf(':');
    String point = halt.substring(0, colon);
    AtomicInteger left = new AtomicInteger(Integer.parseInt(halt.substring(colon + 1)));
    return new RoundListener() {
      @Override
      public void onTransition(Round round) {}

      @Override
      public void onCut(Cut cut) {
        if (point.equals(cut.subject() + "@" + cut.moment()) && left.decrementAndGet() == 0) {
          Runtime.getRuntime().halt(137);
        }
      }
    };
  }

  private void run() throws IOException {
    coordinator.plans().apply(plan);
    coordinator.conductor().start();
    while (coordinator.plans().find(plan.id()).orElseThrow().state()
        == RegisteredPlan.State.ACTIVE) {
      for (Session session : coordinator.rounds().presentSessions(plan.id())) {
        takePart(session);
      }
      LockSupport.parkNanos(2_000_000);
    }
    coordinator.close();
  }

  private void takePart(Session session) throws IOException {
    if (session.round().number() != deviceRound) {
      devices.clear();
      deviceRound = session.round().number();
    }
    for (int number = 0; number < SIZE; number++) {
      SecureDevice device = devices.get(number);
      if (device == null) {
        device = remembered(session, number);
        // A session that is over knows the device no more.
        if (!(device.advertise() instanceof SubmitOutcome.Durable)) {
          return;
        }
        devices.put(number, device);
      }
      takePart(session, number, device);
    }
  }

  private SecureDevice remembered(Session session, int number) throws IOException {
    SecureDevice device = new SecureDevice(coordinator, number, session.round().number());
    Round round = coordinator.roundStore().find(session.round()).orElseThrow();
    device.begin(
        session.id(),
        session.suite(),
        Transcript.sessionContext(
            session.suite().number(),
            session.id(),
            round.planHash(),
            round.baseModel(),
            round.id().number()));
    Path roster = file(session, "roster");
    if (Files.exists(roster)) {
      device.hear(new Publication.OfRoster(Roster.fromBytes(Files.readAllBytes(roster))));
    }
    Path inbox = file(session, "inbox-" + number);
    if (Files.exists(inbox)) {
      device.hear(
          new Publication.OfInbox(
              Inbox.fromBytes(session.suite(), SIZE, device.index(), Files.readAllBytes(inbox))));
    }
    Path survivors = file(session, "survivors");
    if (Files.exists(survivors)) {
      device.hear(
          new Publication.OfSurvivors(Survivors.fromBytes(SIZE, Files.readAllBytes(survivors))));
    }
    return device;
  }

  private void takePart(Session session, int number, SecureDevice device) throws IOException {
    SessionProgress progress = device.progress();
    remember(session, number, progress.published());
    device.hear(progress.published());
    switch (progress.stage()) {
      case SHARE_KEYS -> device.share();
      case INPUT -> {
        if (number < kind.contributors) {
          device.upload(SecureRounds.update(plan, session.round().number(), number));
        } else {
          device.leave();
        }
      }
      case CONSISTENCY -> {
        if (number < kind.contributors) {
          device.sign();
        }
      }
      case UNMASK -> {
        if (number < kind.contributors) {
          device.reveal();
        }
      }
      case ADVERTISE, COMPLETED -> {}
      case ABORTED -> System.out.println("ABORTED " + progress.abortReason());
    }
    if (number < WAITING) {
      wait(device, progress.stage());
    }
  }

  private void wait(SecureDevice device, Stage known) {
    waiting.removeIf(CompletableFuture::isDone);
    if (waiting.size() < 2 * WAITING) {
      device.await(known, Duration.ofSeconds(25)).ifPresent(waiting::add);
    }
  }

  private void remember(Session session, int number, @Nullable Publication published)
      throws IOException {
    if (published instanceof Publication.OfRoster of) {
      remember(file(session, "roster"), of.roster().toBytes());
    } else if (published instanceof Publication.OfInbox of) {
      remember(file(session, "inbox-" + number), of.inbox().toBytes());
    } else if (published instanceof Publication.OfSurvivors of) {
      remember(file(session, "survivors"), of.survivors().toBytes());
    } else if (published instanceof Publication.OfSignatures of) {
      remember(file(session, "signatures"), of.signatures().toBytes());
    }
  }

  private static void remember(Path file, byte[] bytes) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, bytes);
    } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
      System.out.println("DIFFERENT " + file.getFileName());
    }
  }

  private Path file(Session session, String name) {
    return memory.resolve(session.id().toHex() + "-" + name);
  }
}
