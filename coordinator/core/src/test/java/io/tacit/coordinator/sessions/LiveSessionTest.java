package io.tacit.coordinator.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.aggregation.InMemoryUpdateLog;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.SettableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who is told of a transition, and who is not. */
class LiveSessionTest {

  private static final TrainingPlan PLAN =
      PlanFile.parse(
          """
          id: a
          version: 1
          population: test
          model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
          features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
          cohort: {size: 2, minimum: 2}
          aggregation: {mode: plain, development: true}
          rounds: 1
          """,
          TestPlans.NO_CATALOGUES);

  private final SettableClock clock = SettableClock.create();
  private final Session opened =
      new Session(
          SessionId.fromHex("01".repeat(16)),
          new RoundId(PLAN.id(), 1),
          1,
          Suite.PLAIN,
          new SessionState.Open(),
          0,
          Instant.EPOCH,
          null,
          null);
  private final LiveSession session =
      new LiveSession(
          opened,
          PLAN,
          new byte[32],
          new InMemoryUpdateLog(1 << 10, clock).open(opened.id()),
          Published.NOTHING);

  @Test
  void a_call_whose_hold_is_over_no_longer_waits_for_the_transition() {
    CompletableFuture<Stage> waiter = session.afterLeaving(Stage.ADVERTISE);
    session.stopWaiting(waiter);

    abort();

    assertThat(waiter).isNotDone();
  }

  @Test
  void a_call_that_already_knows_the_new_stage_is_not_woken_by_its_publication() {
    List<CompletableFuture<Stage>> again = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // Back at once, as a device that has uploaded, while the others are still being told.
      var unused =
          session
              .afterLeaving(Stage.ADVERTISE)
              .thenAccept(stage -> again.add(session.afterLeaving(stage)));
    }

    abort();

    assertThat(again).hasSize(100).noneMatch(CompletableFuture::isDone);
  }

  private void abort() {
    session.publish(
        opened.moveTo(new SessionState.Aborted(0, "test"), null, clock.instant()),
        Published.NOTHING,
        () -> {});
  }
}
