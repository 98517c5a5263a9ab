package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.coordinator.sessions.Cut;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a round are kept exactly once, whatever fails between the step and its commit. */
class MetricFaultsTest {

  private static final int COHORT = 12;

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final FaultyUpdateLog log = new FaultyUpdateLog(clock);
  private final FaultyDatabase database = new FaultyDatabase();
  private TestCoordinator coordinator;
  private TrainingPlan plan;

  /** With a round whose updates are all there and whose step is not yet taken. */
  @BeforeEach
  void open() {
    coordinator = TestCoordinator.over(clock, database.database(), log, directory);
    plan =
        coordinator.apply(
            TestCoordinator.parse(
                """
                id: measured
                version: 1
                population: test
                model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
                features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
                cohort: {size: %d, minimum: 2}
                aggregation: {mode: plain, development: true}
                evaluation: {validation-share: 0.2, metrics: {held-back-share: 0}}
                """
                    .formatted(COHORT)));
    List<ScriptedDevice> devices = coordinator.joined(0, COHORT);
    coordinator.tick();
    for (ScriptedDevice device : devices) {
      device.upload(
          plan.updateFormat()
              .encode(
                  new float[plan.parameters()],
                  5,
                  0.5,
                  new MetricReport(0, 0.5, 1),
                  RandomBits.seeded(1))
              .toBytes());
    }
  }

  @AfterEach
  void close() {
    coordinator.close();
    database.close();
  }

  private void assertKeptOnce() {
    assertThat(coordinator.latest(plan.id()).version()).isEqualTo(1);
    assertThat(coordinator.coordinator.metrics().list(plan.id(), 0, 9))
        .containsExactly(
            new Measured(
                0,
                "training",
                1,
                new MetricSums(COHORT, COHORT / 2.0, COHORT / 2.0, 0),
                new MetricSums(COHORT, COHORT, COHORT, 0),
                0));
  }

  @Test
  void a_step_whose_commit_came_through_without_an_answer_keeps_them_once() {
    database.failsToSync = true;
    coordinator.tick();
    coordinator.pass(Retries.REST);

    database.failsToSync = false;
    coordinator.pass(Retries.REST);
    coordinator.tick();

    assertKeptOnce();
  }

  /** The step is taken, its files are written, and the database is gone. */
  private void failBeforeTheCommit() {
    coordinator.atCut =
        cut -> database.away |= cut.equals(new Cut("round.COMPLETED", Cut.Moment.BEFORE_COMMIT));
    coordinator.tick();
    assertThat(database.away).as("the step was taken").isTrue();
    coordinator.atCut = cut -> {};
    database.away = false;
    assertThat(coordinator.coordinator.metrics().list(plan.id(), 0, 9)).isEmpty();
    assertThat(coordinator.latest(plan.id()).version()).isZero();
  }

  @Test
  void a_step_that_could_not_be_committed_is_taken_again_and_keeps_them_once() {
    failBeforeTheCommit();

    coordinator.pass(Retries.REST);
    coordinator.tick();

    assertKeptOnce();
  }

  @Test
  void a_process_that_dies_before_the_commit_leaves_them_to_the_next() {
    failBeforeTheCommit();

    coordinator = coordinator.restarted();
    coordinator.pass(Retries.REST);
    coordinator.tick();

    assertKeptOnce();
  }

  @Test
  void a_process_that_dies_after_the_commit_leaves_nothing_to_do() {
    coordinator.tick();
    assertKeptOnce();

    coordinator = coordinator.restarted();
    coordinator.tick();
    coordinator.pass(Retries.REST);

    assertKeptOnce();
  }
}
