package io.tacit.coordinator.rounds;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.Transaction;
import io.tacit.coordinator.metrics.MetricLedger;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * Writes all that a completed round leaves, together or not at all. For the conductor's thread
 * alone.
 */
final class RoundCompletion {

  private final Database database;
  private final RoundStore store;
  private final ModelRegistry models;
  private final PlanRegistry plans;
  private final MetricLedger metrics;

  RoundCompletion(
      Database database,
      RoundStore store,
      ModelRegistry models,
      PlanRegistry plans,
      MetricLedger metrics) {
    this.database = database;
    this.store = store;
    this.models = models;
    this.plans = plans;
    this.metrics = metrics;
  }

  /** Round, model, metrics and, with the last round, plan change together; durable at return. */
  void commit(Round next, TrainingPlan plan, RoundCloser.Outcome.Step step) {
    database.doDurably(
        transaction -> {
          store.move(transaction, next);
          models.append(transaction, step.model());
          keepMetrics(transaction, next, plan, step);
          if (step.model().version() >= plan.rounds()) {
            plans.finish(transaction, plan.id(), plan.version());
          }
        });
  }

  /** What devices measured belongs to the version that they had, not to the one that they made. */
  private void keepMetrics(
      Transaction transaction, Round round, TrainingPlan plan, RoundCloser.Outcome.Step step) {
    MetricSettings settings = plan.evaluation().metrics();
    if (settings != null) {
      metrics.addRound(
          transaction,
          plan.id(),
          round.baseVersion(),
          round.id().number(),
          settings.groupMinimum(),
          step.metrics());
    }
  }

  /** Ends a plan. */
  void finish(TrainingPlan plan) {
    database.doInTransaction(transaction -> plans.finish(transaction, plan.id(), plan.version()));
  }
}
