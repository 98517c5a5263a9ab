package io.tacit.coordinator.rounds;

import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.optimiser.ServerOptimiser;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.coordinator.sessions.LiveSession;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.plan.GroupMetrics;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.plan.UpdateFormat;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.RandomBits;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From the sum of a round to the next version of its model: decode, step, commit. For the
 * conductor's thread alone.
 */
final class RoundCloser {

  private final RoundStore store;
  private final ModelRegistry models;
  private final ArtifactStore artifacts;
  private final RoundCompletion completion;
  private final SecureRandom random;

  RoundCloser(
      RoundStore store,
      ModelRegistry models,
      ArtifactStore artifacts,
      RoundCompletion completion,
      SecureRandom random) {
    this.store = store;
    this.models = models;
    this.artifacts = artifacts;
    this.completion = completion;
    this.random = random;
  }

  /** What the sum of a round led to. */
  sealed interface Outcome {

    /**
     * A next version, its files written, to be committed.
     *
     * @param model the version
     * @param contributors whose updates are in it
     * @param meanLoss what they reported
     * @param metrics what they measured of the version that the round started from, by group; empty
     *     if the plan does not ask for it
     */
    record Step(ModelVersion model, int contributors, double meanLoss, List<GroupMetrics> metrics)
        implements Outcome {}

    /** A sum that must not become a model. */
    record Unusable(String reason) implements Outcome {}
  }

  /** The version that the next round of a plan starts from. */
  ModelVersion latest(PlanId plan) {
    return models
        .latest(plan)
        .orElseThrow(() -> new IllegalStateException("plan " + plan + " has no model"));
  }

  /** Takes the server step over the whole sum and writes the files of the next version. */
  Outcome takeStep(LiveRound round) {
    UpdateFormat format = round.plan().updateFormat();
    int[] sum = publishedSum(round);
    MeanUpdate update;
    try {
      update = format.decode(sum);
    } catch (IllegalArgumentException e) {
      return new Outcome.Unusable("the sum can not come from honest devices: " + e.getMessage());
    }
    if (update.clients() != round.contributors()) {
      return new Outcome.Unusable(
          "the sum counts "
              + update.clients()
              + " devices but "
              + round.contributors()
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
          update.meanLoss(),
          // Of the same sum, with the same noise: what is kept was published once.
          format.decodeMetrics(sum));
    }
    return new Outcome.Unusable(((StepOutcome.NotFinite) outcome).reason());
  }

  /** The sum over all shards, with the noise that is the coordinator's to add. */
  private int[] publishedSum(LiveRound round) {
    if (round.plan().noise().filter(NoisePlan::isCentral).isEmpty()) {
      return round.total();
    }
    // A copy: a step that is taken again after a fault must find the sum as it was.
    int[] sum = round.total().clone();
    round.plan().updateFormat().addCentralNoise(sum, RandomBits.secure(random));
    return sum;
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

  /**
   * Stores the record of a round that is about to complete, so that its hash can be committed with
   * it; a record whose commit fails stays behind as a file that nothing names.
   *
   * @param newModel that the round made
   * @return its hash; null in mode PLAIN, which has none
   */
  @Nullable ContentHash storeRecord(LiveRound live, ContentHash newModel) {
    if (!live.plan().suite().isSecure()) {
      return null;
    }
    Round round = live.round();
    List<SessionRecord> sessions =
        live.sessions().stream()
            .filter(session -> session.session().state() instanceof SessionState.Summed)
            .map(LiveSession::record)
            .sorted(Comparator.comparing(SessionRecord::session))
            .toList();
    RoundRecord record =
        RoundRecord.of(
            round.id(),
            store.lastRecord(round.id().plan()),
            round.planHash(),
            round.baseModel(),
            newModel,
            sessions);
    return artifacts.put(record.toBytes());
  }

  /** Round, model, metrics and, with the last round, plan change together; durable at return. */
  void commit(Round next, TrainingPlan plan, Outcome.Step step) {
    completion.commit(next, plan, step);
  }

  /** Ends a plan whose model has all its versions already, e.g. one that asks for fewer rounds. */
  void finish(TrainingPlan plan) {
    completion.finish(plan);
  }
}
