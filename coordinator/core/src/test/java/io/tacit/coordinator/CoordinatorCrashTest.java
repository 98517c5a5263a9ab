package io.tacit.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.rounds.Updates;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Halts real coordinators at the worst moments, again and again on one directory. */
class CoordinatorCrashTest {

  private static final TrainingPlan PLAN = CrashingCoordinator.PLAN;

  /** More crashes than any of the tests needs: a round that never ends is a failure. */
  private static final int CRASHES_MAX = 40;

  @TempDir Path directory;

  @Test
  void every_published_transition_survives_a_crash_right_after_it() throws Exception {
    List<String> published = crashUntilFinished("transition:1");

    assertThat(published)
        .filteredOn(line -> line.equals(line.toUpperCase(Locale.ROOT)))
        .containsExactly(
            "1 OPEN",
            "1 COLLECTING",
            "1 COMPLETED",
            "2 OPEN",
            "2 ABANDONED",
            "3 OPEN",
            "3 COLLECTING",
            "3 COMPLETED",
            "4 OPEN",
            "4 COLLECTING",
            "4 COMPLETED");
    assertAllIsThereOnce();
  }

  @Test
  void every_acknowledged_update_survives_a_crash_in_the_middle_of_collecting() throws Exception {
    List<String> published = crashUntilFinished("stored:2");

    assertThat(published).filteredOn(line -> line.contains("stored")).hasSize(3 * 5);
    assertAllIsThereOnce();
  }

  /** Starts the process until its plan is finished; returns all lines that it printed. */
  private List<String> crashUntilFinished(String halt) throws Exception {
    Set<String> lines = new LinkedHashSet<>();
    for (int crashes = 0; crashes < CRASHES_MAX; crashes++) {
      Process child = start(halt, lines);
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          assertThat(lines.add(line)).as("'%s' is said for the first time", line).isTrue();
        }
      }
      int exit = child.waitFor();
      if (exit == 0) {
        return List.copyOf(lines);
      }
      assertThat(exit).isEqualTo(137);
    }
    throw new AssertionError("the plan was not finished after " + CRASHES_MAX + " crashes");
  }

  private Process start(String halt, Set<String> lines) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // These classes have been verified where they are tested.
    command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(CrashingCoordinator.class.getName(), directory.toString(), halt));
    lines.stream()
        .filter(line -> line.contains(" joined ") || line.contains(" stored "))
        .forEach(command::add);
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("stderr.txt").toFile())
        .start();
  }

  private void assertAllIsThereOnce() {
    try (Coordinator coordinator = CrashingCoordinator.open(directory, round -> {})) {
      coordinator.conductor().tick();
      List<Round> rounds = coordinator.roundStore().list(PLAN.id(), 0, 10);
      List<ModelVersion> models = coordinator.models().list(PLAN.id(), -1, 10);
      assertThat(rounds).hasSize(4);
      assertThat(models).extracting(ModelVersion::version).containsExactly(0, 1, 2, 3);
      assertThat(models).extracting(ModelVersion::round).containsExactly(0L, 1L, 3L, 4L);
      assertThat(rounds.get(1).state())
          .isEqualTo(
              new RoundState.Abandoned(
                  0,
                  "1 devices had joined when the time to train was over, the plan asks for at"
                      + " least 2"));
      ModelParameters expected = ModelParameters.initial(PLAN.model());
      OptimiserState state = OptimiserState.none();
      for (ModelVersion model : models.subList(1, 4)) {
        List<byte[]> updates =
            IntStream.range(0, CrashingCoordinator.SIZE)
                .mapToObj(device -> Updates.update(PLAN, model.round(), device))
                .toList();
        var step = Updates.step(PLAN, expected, state, updates);
        expected = step.parameters();
        state = step.state();
        assertThat(coordinator.models().parameters(model)).isEqualTo(expected);
        assertThat(rounds.get((int) model.round() - 1).state())
            .isEqualTo(new RoundState.Completed(5, 5, model.hash(), 0.5));
      }
    }
    assertThat(directory.resolve("spool")).satisfies(CoordinatorCrashTest::holdsNoSession);
  }

  private static void holdsNoSession(Path spool) throws IOException {
    try (Stream<Path> entries = Files.list(spool)) {
      assertThat(entries.filter(Files::isDirectory)).isEmpty();
    }
  }

  @Test
  void a_round_whose_log_is_damaged_is_abandoned_and_the_next_one_opens() throws Exception {
    Process child = start("stored:3", Set.of());
    child.getInputStream().transferTo(OutputStream.nullOutputStream());
    assertThat(child.waitFor()).isEqualTo(137);
    Path log;
    try (Stream<Path> files = Files.walk(directory.resolve("spool"))) {
      log = files.filter(file -> file.endsWith("log")).findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.seek(40);
      file.write(new byte[64]);
    }

    try (Coordinator coordinator = CrashingCoordinator.open(directory, round -> {})) {
      coordinator.conductor().tick();

      List<Round> rounds = coordinator.roundStore().list(PLAN.id(), 0, 10);
      assertThat(rounds).hasSize(2);
      assertThat(rounds.get(0).state())
          .isInstanceOfSatisfying(
              RoundState.Abandoned.class,
              state -> {
                assertThat(state.rosterSize()).isEqualTo(5);
                assertThat(state.reason())
                    .startsWith("its log is damaged: " + log + " is damaged at offset 32: ");
              });
      assertThat(rounds.get(1).state()).isEqualTo(new RoundState.Open());
      assertThat(coordinator.models().latest(PLAN.id()).orElseThrow().version()).isZero();
    }
  }
}
