package io.tacit.coordinator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Halts a coordinator at every cut of a secure session, and starts it again on its directory. */
class SessionCrashTest {

  private static final TrainingPlan PLAN = CrashingSession.PLAN;

  private static final List<String> STATES =
      List.of("ROSTER_FROZEN", "SHARES_FROZEN", "INPUTS_FROZEN", "UNMASKING", "SUMMED");

  private static final List<String> STAGES =
      List.of("ADVERTISE", "SHARE_KEYS", "INPUT", "CONSISTENCY", "UNMASK");

  @TempDir Path directory;

  @Test
  void a_session_completes_exactly_whatever_cut_it_is_halted_at() throws Exception {
    for (int i = 0; i < STAGES.size(); i++) {
      haltAt("record." + STAGES.get(i) + "@BEFORE_COMMIT:3");
      haltAt("record." + STAGES.get(i) + "@AFTER_COMMIT:5");
      haltAt("session." + STATES.get(i) + "@BEFORE_COMMIT:1");
      haltAt("session." + STATES.get(i) + "@AFTER_COMMIT:1");
    }
    haltAt("round.COMPLETED@BEFORE_COMMIT:1");
    haltAt("round.COMPLETED@AFTER_COMMIT:1");
    // The second round: in the middle of telling those who wait.
    for (String state : STATES.subList(0, 4)) {
      haltAt("session." + state + "@MID_SEND:1");
    }
    haltAt("session.SUMMED@AFTER_SEND:1");
    assertThat(run("none")).isZero();

    assertAllIsThereOnce();
  }

  private void haltAt(String cut) throws Exception {
    assertThat(run(cut)).as("exit of the process that is halted at %s", cut).isEqualTo(137);
  }

  /** Runs the process to its end; what it prints is a complaint. */
  private int run(String halt) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(CrashingSession.class.getName(), directory.toString(), halt));
    Process child =
        new ProcessBuilder(command).redirectError(directory.resolve("stderr.txt").toFile()).start();
    String complaints =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(complaints).as("complaints before %s", halt).isEmpty();
    return child.waitFor();
  }

  private void assertAllIsThereOnce() {
    try (Coordinator coordinator =
        CrashingSession.open(directory.resolve("coordinator"), round -> {})) {
      List<Round> rounds = coordinator.roundStore().list(PLAN.id(), 0, 10);
      assertThat(rounds).hasSize(2);
      List<ModelVersion> models = coordinator.models().list(PLAN.id(), -1, 10);
      assertThat(models).extracting(ModelVersion::version).containsExactly(0, 1, 2);
      ModelParameters expected = ModelParameters.initial(PLAN.model());
      OptimiserState state = OptimiserState.none();
      Optional<ContentHash> previous = Optional.empty();
      for (Round round : rounds) {
        long number = round.id().number();
        var step =
            Updates.step(
                PLAN,
                expected,
                state,
                IntStream.range(0, CrashingSession.SIZE)
                    .mapToObj(device -> SecureRounds.update(PLAN, number, device))
                    .toList());
        expected = step.parameters();
        state = step.state();
        assertThat(coordinator.models().parameters(models.get((int) number))).isEqualTo(expected);
        RoundState.Completed completed = (RoundState.Completed) round.state();
        assertThat(completed.contributors()).isEqualTo(CrashingSession.SIZE);
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
