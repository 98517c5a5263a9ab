package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.sessions.Cut;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The noise of a trusted coordinator is in the metrics once, however often a step is taken. */
class MetricNoiseFaultsTest {

  private static final int COHORT = 12;
  private static final int ROUNDS = 8;

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final FaultyUpdateLog log = new FaultyUpdateLog(clock);
  private final FaultyDatabase database = new FaultyDatabase();
  private TestCoordinator coordinator;
  private TrainingPlan plan;

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.over(clock, database.database(), log, directory);
    plan = coordinator.apply(ofManyGroups());
  }

  @AfterEach
  void close() {
    coordinator.close();
    database.close();
  }

  private static TrainingPlan ofManyGroups() {
    String segments =
        IntStream.rangeClosed(1, 16)
            .mapToObj(i -> "{name: segment-%d, examples-minimum: %d}".formatted(i, i))
            .collect(Collectors.joining(", "));
    return TestCoordinator.parse(
        """
        id: noisy
        version: 1
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: %d, minimum: 2}
        aggregation: {mode: plain, development: true}
        privacy: {mechanism: central, noise-multiplier: 1, users: 1000, participations-max: 1}
        evaluation: {validation-share: 0.2, metrics: {noise-multiplier: 0.5, segments: [%s]}}
        """
            .formatted(COHORT, segments));
  }

  /** All devices of a round report the same; its step is not yet taken. */
  private void upload(int round) {
    List<ScriptedDevice> devices = coordinator.joined(100 * round, COHORT);
    coordinator.tick();
    for (ScriptedDevice device : devices) {
      device.upload(
          plan.updateFormat()
              .encode(
                  new float[plan.parameters()],
                  5,
                  0,
                  new MetricReport(0, 0.5, 1),
                  RandomBits.seeded(1))
              .toBytes());
    }
  }

  /** The step is taken, its files are written, and the database is gone. */
  private void takeTheStepInVain() {
    coordinator.atCut =
        cut -> database.away |= cut.equals(new Cut("round.COMPLETED", Cut.Moment.BEFORE_COMMIT));
    coordinator.tick();
    assertThat(database.away).as("the step was taken").isTrue();
    coordinator.atCut = cut -> {};
    database.away = false;
  }

  /** The spread of 408 figures is off by a third once in a million times; twice the noise is 2. */
  @Test
  void steps_that_are_taken_again_have_it_once() {
    for (int round = 1; round <= ROUNDS; round++) {
      upload(round);
      takeTheStepInVain();
      coordinator.pass(Retries.REST);
      coordinator.tick();
      assertThat(coordinator.latest(plan.id()).version()).isEqualTo(round);
    }

    KeptNoise noise =
        KeptNoise.in(
            database.database(),
            group ->
                group.equals("held-back")
                    ? List.of((double) COHORT, COHORT / 2.0, (double) COHORT)
                    : List.of(0.0, 0.0, 0.0));

    assertThat(noise.figures()).isEqualTo(3 * 17 * ROUNDS);
    assertThat(noise.spread()).as("over what is claimed").isBetween(0.65, 1.4);
  }
}
