package io.tacit.coordinator;

import io.tacit.coordinator.aggregation.SpoolSettings;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.rounds.RoundSettings;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.rounds.Updates;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.SignedAdvertisement;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with a coordinator and its devices that ends itself as {@code kill -9} would. What it
 * has published or acknowledged it prints first, a line each: {@code ROUND STATE} and {@code ROUND
 * joined|stored DEVICE}.
 *
 * <p>Arguments: data directory, {@code transition:N} or {@code stored:N} (halts after the N-th),
 * then the lines with {@code joined} and {@code stored} that earlier processes printed; these
 * devices have their answer and send nothing again.
 */
final class CrashingCoordinator {

  static final int SIZE = 5;

  static final TrainingPlan PLAN =
      PlanFile.parse(
          """
          id: crash
          version: 1
          population: test
          model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
          features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
          cohort: {size: 5, minimum: 2}
          deadlines: {train: 1s, advertise: 1m, input: 1m}
          server-optimiser: {kind: fed-adam, learning-rate: 0.1, tau: 0.001}
          aggregation: {mode: plain, development: true}
          rounds: 3
          """,
          TestPlans.NO_CATALOGUES);

  /** The round that is abandoned, because only one device joins it. */
  static final long LONELY_ROUND = 2;

  private final Coordinator coordinator;
  private final Set<String> answered;
  private final String haltAt;
  private final int haltAfter;
  private final Map<String, Integer> counts = new HashMap<>();

  private CrashingCoordinator(Path directory, String halt, Set<String> answered) {
    this.haltAt = halt.substring(0, halt.indexOf(':'));
    this.haltAfter = Integer.parseInt(halt.substring(halt.indexOf(':') + 1));
    this.answered = answered;
    this.coordinator = open(directory, this::onTransition);
  }

  /** A coordinator over the directory that gives devices a second after a restart. */
  static Coordinator open(Path directory, RoundListener listener) {
    Clock clock = Clock.systemUTC();
    return new Coordinator(
        Coordinator.Storage.open(directory, SpoolSettings.defaults(), clock),
        new RoundSettings(Duration.ofMillis(10), 100, Duration.ofSeconds(1), 1),
        clock,
        new SecureRandom(),
        listener);
  }

  public static void main(String[] arguments) {
    Set<String> answered = new HashSet<>();
    for (int i = 2; i < arguments.length; i++) {
      answered.add(arguments[i]);
    }
    new CrashingCoordinator(Path.of(arguments[0]), arguments[1], answered).run();
  }

  private void onTransition(Round round) {
    told(round.id().number() + " " + round.state().word(), "transition");
  }

  private synchronized void told(String line, String kind) {
    System.out.println(line);
    if (counts.merge(kind, 1, Integer::sum) == haltAfter && kind.equals(haltAt)) {
      Runtime.getRuntime().halt(137);
    }
  }

  private void run() {
    coordinator.plans().apply(PLAN);
    coordinator.conductor().start();
    while (coordinator.plans().find(PLAN.id()).orElseThrow().state()
        == RegisteredPlan.State.ACTIVE) {
      coordinator.rounds().present(PLAN.id()).ifPresent(this::takePart);
      LockSupport.parkNanos(1_000_000);
    }
    coordinator.close();
  }

  private void takePart(Round round) {
    int devices = round.id().number() == LONELY_ROUND ? 1 : SIZE;
    for (int device = 0; device < devices; device++) {
      if (round.state() instanceof RoundState.Open) {
        join(round, device);
      } else if (round.state() instanceof RoundState.Collecting) {
        upload(round, device);
      }
    }
  }

  private void join(Round round, int device) {
    String line = round.id().number() + " joined " + device;
    if (answered.contains(line)) {
      return;
    }
    SubmitOutcome outcome = advertise(round, device);
    if (outcome instanceof SubmitOutcome.Durable) {
      answered.add(line);
      told(line, "joined");
    }
  }

  private void upload(Round round, int device) {
    String line = round.id().number() + " stored " + device;
    if (answered.contains(line)) {
      return;
    }
    byte[] update = Updates.update(PLAN, round.id().number(), device);
    UploadAdmission admission =
        coordinator
            .sessions()
            .admitUpload(
                session(round),
                identity(device).publicKey().clientId(),
                ticket(round, device),
                update.length,
                ContentHash.of(update));
    if (admission instanceof UploadAdmission.Admitted admitted
        && admitted.whole(ByteBuffer.wrap(update)).toCompletableFuture().join()
            instanceof SubmitOutcome.Durable) {
      answered.add(line);
      told(line, "stored");
    }
  }

  /** The ticket that an earlier process gave: asked for once more with the same bytes. */
  private byte[] ticket(Round round, int device) {
    return ((SubmitOutcome.Durable) advertise(round, device)).ticket();
  }

  private SubmitOutcome advertise(Round round, int device) {
    IdentityKeyPair identity = identity(device);
    byte[] context =
        Transcript.sessionContext(
            0, session(round), round.planHash(), round.baseModel(), round.id().number());
    return coordinator
        .sessions()
        .advertise(
            session(round),
            identity.publicKey().clientId(),
            SignedAdvertisement.sign(context, identity, new SameNonce()))
        .toCompletableFuture()
        .join();
  }

  private SessionId session(Round round) {
    return coordinator.sessionStore().of(round.id()).get(0).id();
  }

  private static IdentityKeyPair identity(int device) {
    byte[] seed = new byte[IdentityKeyPair.SEED_LENGTH];
    seed[0] = (byte) device;
    return IdentityKeyPair.fromSeed(seed);
  }

  /** A device that starts again has its advertisement from before, byte by byte. */
  private static final class SameNonce extends SecureRandom {

    private static final long serialVersionUID = 1;

    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, (byte) 7);
    }
  }
}
