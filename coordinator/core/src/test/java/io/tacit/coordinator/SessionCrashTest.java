package io.tacit.coordinator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.CrashingSession.Kind;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.rounds.SecureRounds;
import io.tacit.coordinator.rounds.Updates;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.RoundRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Halts coordinators at every cut of a secure session, and starts them again on their directories.
 * Each run takes up where the one before was halted.
 */
class SessionCrashTest {

  private static final List<String> STATES =
      List.of("ROSTER_FROZEN", "SHARES_FROZEN", "INPUTS_FROZEN", "UNMASKING", "SUMMED");

  private static final List<String> STAGES =
      List.of("ADVERTISE", "SHARE_KEYS", "INPUT", "CONSISTENCY", "UNMASK");

  @TempDir Path directory;

  /** Both chains at a time: most of a run is the start of a process, which keeps one core busy. */
  @Test
  void a_session_completes_exactly_whatever_cut_it_is_halted_at() throws Exception {
    ExecutorService chains = Executors.newFixedThreadPool(Kind.values().length);
    try {
      List<Future<?>> running = new ArrayList<>();
      running.add(chains.submit(() -> runToTheEnd(Kind.CLASSIC, everyCut())));
      running.add(
          chains.submit(() -> runToTheEnd(Kind.HYBRID_WITH_A_DROPOUT, cutsWhereSuitesDiffer())));
      for (Future<?> chain : running) {
        chain.get();
      }
    } finally {
      chains.shutdownNow();
    }
    assertAllIsThereOnce(Kind.CLASSIC);
    assertAllIsThereOnce(Kind.HYBRID_WITH_A_DROPOUT);
  }

  private static List<String> everyCut() {
    List<String> cuts = new ArrayList<>();
    for (int i = 0; i < STAGES.size(); i++) {
      cuts.add("record." + STAGES.get(i) + "@BEFORE_COMMIT:3");
      cuts.add("record." + STAGES.get(i) + "@AFTER_COMMIT:5");
      cuts.add("session." + STATES.get(i) + "@BEFORE_COMMIT:1");
      cuts.add("session." + STATES.get(i) + "@AFTER_COMMIT:1");
    }
    cuts.add("round.COMPLETED@BEFORE_COMMIT:1");
    cuts.add("round.COMPLETED@AFTER_COMMIT:1");
    // The second round: in the middle of telling those who wait.
    for (String state : STATES.subList(0, 4)) {
      cuts.add("session." + state + "@MID_SEND:1");
    }
    cuts.add("session.SUMMED@AFTER_SEND:1");
    return cuts;
  }

  /**
   * Advertisements have two kinds of keys, boxes a ciphertext, and masks are rebuilt from both ends
   * of it; signatures and updates are those of the other suite.
   */
  private static List<String> cutsWhereSuitesDiffer() {
    return List.of(
        "record.ADVERTISE@AFTER_COMMIT:5",
        "session.ROSTER_FROZEN@AFTER_COMMIT:1",
        "record.SHARE_KEYS@AFTER_COMMIT:5",
        "session.SHARES_FROZEN@MID_SEND:1",
        "record.UNMASK@AFTER_COMMIT:5",
        "session.SUMMED@BEFORE_COMMIT:1",
        "session.SUMMED@AFTER_COMMIT:1");
  }

  /** Throws what went wrong; the test waits for it. */
  private Void runToTheEnd(Kind kind, List<String> cuts) throws Exception {
    Files.createDirectories(directory(kind));
    for (String cut : cuts) {
      assertThat(run(kind, cut))
          .as("%s: exit of the process that is halted at %s", kind, cut)
          .isEqualTo(137);
    }
    assertThat(run(kind, "none")).as("%s: exit of the last process", kind).isZero();
    return null;
  }

  private Path directory(Kind kind) {
    return directory.resolve(kind.name());
  }

  /** Runs the process to its end; what it prints is a complaint. */
  private int run(Kind kind, String halt) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // These classes have been verified where they are tested.
    command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(CrashingSession.class.getName(), directory(kind).toString(), kind.name(), halt));
    Process child =
        new ProcessBuilder(command)
            .redirectError(directory(kind).resolve("stderr.txt").toFile())
            .start();
    String complaints =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(complaints).as("%s: complaints before %s", kind, halt).isEmpty();
    return child.waitFor();
  }

  private void assertAllIsThereOnce(Kind kind) {
    TrainingPlan plan = kind.plan();
    try (Coordinator coordinator =
        CrashingSession.open(directory(kind).resolve("coordinator"), round -> {})) {
      List<Round> rounds = coordinator.roundStore().list(plan.id(), 0, 10);
      assertThat(rounds).hasSize(kind.rounds);
      List<ModelVersion> models = coordinator.models().list(plan.id(), -1, 10);
      assertThat(models)
          .extracting(ModelVersion::version)
          .containsExactlyElementsOf(IntStream.rangeClosed(0, kind.rounds).boxed().toList());
      ModelParameters expected = ModelParameters.initial(plan.model());
      OptimiserState state = OptimiserState.none();
      Optional<ContentHash> previous = Optional.empty();
      for (Round round : rounds) {
        long number = round.id().number();
        var step =
            Updates.step(
                plan,
                expected,
                state,
                IntStream.range(0, kind.contributors)
                    .mapToObj(device -> SecureRounds.update(plan, number, device))
                    .toList());
        expected = step.parameters();
        state = step.state();
        assertThat(coordinator.models().parameters(models.get((int) number))).isEqualTo(expected);
        RoundState.Completed completed = (RoundState.Completed) round.state();
        assertThat(completed.contributors()).isEqualTo(kind.contributors);
        RoundRecord record =
            RoundRecord.fromBytes(
                coordinator.artifacts().read(requireNonNull(completed.record())).orElseThrow());
        assertThat(record.previous()).isEqualTo(previous);
        assertThat(record.flaw(new IdentityKeyCache(CrashingSession.SIZE))).isEmpty();
        previous = Optional.of(record.hash());
      }
    }
  }
}
