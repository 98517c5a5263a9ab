package io.tacit.coordinator.rounds;

import io.tacit.coordinator.aggregation.Checkpoint;
import io.tacit.coordinator.aggregation.MaskedSum;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.optimiser.ServerOptimiser;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * From the log of a round to the next version of its model: fold, decode, step, commit; then lets
 * go of the log. For the conductor's thread alone.
 */
final class RoundCloser {

  private final Database database;
  private final RoundStore store;
  private final ModelRegistry models;
  private final PlanRegistry plans;
  private final SessionLogs logs;
  private final long checkpointBytes;
  private final Map<SessionId, Folding> foldings = new HashMap<>();

  RoundCloser(
      Database database,
      RoundStore store,
      ModelRegistry models,
      PlanRegistry plans,
      SessionLogs logs,
      long checkpointBytes) {
    this.database = database;
    this.store = store;
    this.models = models;
    this.plans = plans;
    this.logs = logs;
    this.checkpointBytes = checkpointBytes;
  }

  /** What the sum of a round led to. */
  sealed interface Outcome {

    /**
     * A next version, its files written, to be committed.
     *
     * @param model the version
     * @param contributors whose updates are in it
     * @param meanLoss what they reported
     */
    record Step(ModelVersion model, int contributors, double meanLoss) implements Outcome {}

    /** A sum that must not become a model. */
    record Unusable(String reason) implements Outcome {}
  }

  /** A sum under way and how much of it is not in a checkpoint yet. */
  private static final class Folding {

    private final MaskedSum sum;
    private long bytesSinceCheckpoint;

    Folding(MaskedSum sum) {
      this.sum = sum;
    }
  }

  /** The version that the next round of a plan starts from. */
  ModelVersion latest(PlanId plan) {
    return models
        .latest(plan)
        .orElseThrow(() -> new IllegalStateException("plan " + plan + " has no model"));
  }

  /**
   * Adds the updates that have become durable: as they come, so that no round holds them in memory.
   *
   * @return how many updates the sum has now
   */
  int foldWhatCame(LiveRound round) {
    int lanes = WireLimits.HEADER_LANES + round.plan().parameters();
    Folding folding =
        foldings.computeIfAbsent(
            round.round().session(), session -> new Folding(MaskedSum.over(round.log(), lanes)));
    boolean done = false;
    try {
      long added = folding.sum.advance();
      folding.bytesSinceCheckpoint += added * Integer.BYTES * lanes;
      if (folding.bytesSinceCheckpoint >= checkpointBytes) {
        folding.sum.checkpoint();
        folding.bytesSinceCheckpoint = 0;
      }
      done = true;
    } finally {
      if (!done) {
        // A sum that broke off in the middle of an update is of no use: fold again from the log.
        foldings.remove(round.round().session());
      }
    }
    return folding.sum.members().size();
  }

  /** Takes the server step over the whole sum and writes the files of the next version. */
  Outcome takeStep(LiveRound round) {
    Folding folding = foldings.get(round.round().session());
    if (folding == null) {
      throw new IllegalStateException("round " + round.round().id() + " was not folded");
    }
    Checkpoint sum = folding.sum.snapshot();
    MeanUpdate update;
    try {
      update = round.plan().codec().decode(sum.sum());
    } catch (IllegalArgumentException e) {
      return new Outcome.Unusable("the sum can not come from honest devices: " + e.getMessage());
    }
    if (update.clients() != sum.members().size()) {
      return new Outcome.Unusable(
          "the sum counts "
              + update.clients()
              + " devices but "
              + sum.members().size()
              + " have brought an update");
    }
    // Never "the latest": the step belongs to the version that the devices trained from.
    ModelVersion base = base(round.round());
    StepOutcome outcome =
        ServerOptimiser.of(round.plan().serverOptimiser())
            .step(models.parameters(base), update, models.optimiserState(base));
    if (outcome instanceof StepOutcome.Step step) {
      return new Outcome.Step(
          models.successor(base, round.round().id().number(), step, update),
          update.clients(),
          update.meanLoss());
    }
    return new Outcome.Unusable(((StepOutcome.NotFinite) outcome).reason());
  }

  private ModelVersion base(Round round) {
    return models
        .find(round.id().plan(), round.baseVersion())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "model version "
                        + round.baseVersion()
                        + " of round "
                        + round.id()
                        + " is not in the database; restore it"));
  }

  /** Round, model and, with the last round, plan change in one transaction; durable at return. */
  void commit(Round next, TrainingPlan plan, Outcome.Step step) {
    database.doInTransaction(
        transaction -> {
          store.move(transaction, next);
          models.append(transaction, step.model());
          if (step.model().version() >= plan.rounds()) {
            plans.finish(transaction, plan.id(), plan.version());
          }
        });
    database.makeDurable();
  }

  /** Ends a plan whose model has all its versions already, e.g. one that asks for fewer rounds. */
  void finish(TrainingPlan plan) {
    database.doInTransaction(transaction -> plans.finish(transaction, plan.id(), plan.version()));
  }

  /** The round is over: its sum and its log are no longer needed. */
  void forget(Round round) {
    foldings.remove(round.session());
    logs.release(round.session());
  }

  /** After a restart: the logs of all other sessions are those of rounds that are over. */
  void forgetAllBut(Set<SessionId> unfinished) {
    logs.releaseAllBut(unfinished);
  }

  /** Deletes what is no longer needed of logs. */
  void tidy() {
    logs.tidy();
  }
}
