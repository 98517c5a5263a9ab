package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains the model of a plan on a device's own examples.
 *
 * <p>Guarantee: starts from the announced parameters only; private vectors stay in the device's
 * store; no training sees what an earlier one measured on. Thread-safe if its parts are.
 */
public final class LocalTrainer {

  /** Where {@link MetricSettings#group} puts a device that reports nothing. */
  private static final int NO_GROUP = -1;

  private final ExampleSource source;
  private final TrainingEngine engine;
  private final UserVectorStore userVectors;
  private final LongSupplier seeds;
  private final long holdoutSalt;

  /**
   * @param source of the device's own examples
   * @param engine that does the work
   * @param userVectors where private vectors are kept
   * @param seeds a new one per training: {@code secureRandom::nextLong} on devices, since it shapes
   *     what leaves them; repeatable in simulations
   * @param holdoutSalt decides which examples are held back under a plan with a validation share,
   *     and whether the device is under a plan with metrics; the same for the life of a device,
   *     different between devices, and known to nobody else
   */
  public LocalTrainer(
      ExampleSource source,
      TrainingEngine engine,
      UserVectorStore userVectors,
      LongSupplier seeds,
      long holdoutSalt) {
    this.source = source;
    this.engine = engine;
    this.userVectors = userVectors;
    this.seeds = seeds;
    this.holdoutSalt = holdoutSalt;
  }

  /**
   * Measures the announced model where the plan asks for that, and trains it, unless this device is
   * held back under the plan.
   *
   * <p>Whether it is, its salt and the plan's id decide, for good: while the plan's share does not
   * change, no example that a held-back device measures on is ever trained on.
   *
   * @param plan says how
   * @param catalogue of the plan, null if it has none
   * @param start the announced parameters, of the plan's size
   * @param measures whether the app allows to measure; a device that does not is never held back
   * @return what to bring to the round, or why this device has nothing
   * @throws IOException if the device's storage fails
   */
  public LocalTrainerOutcome train(
      TrainingPlan plan, @Nullable Catalogue catalogue, ModelParameters start, boolean measures)
      throws IOException {
    TrainingSettings settings = TrainingSettings.of(plan.client());
    Optional<String> refusal = engine.refusal(plan.model(), settings);
    if (refusal.isPresent()) {
      return new LocalTrainerOutcome.StayedOut(
          LocalTrainerOutcome.Reason.ENGINE_CAN_NOT, refusal.get());
    }
    ExampleOutcome outcome = source.examples(plan, catalogue);
    if (outcome instanceof ExampleOutcome.Unfit unfit) {
      return new LocalTrainerOutcome.StayedOut(
          LocalTrainerOutcome.Reason.SCHEMA_DOES_NOT_FIT, unfit.detail());
    }
    ExampleSet all = ((ExampleOutcome.Examples) outcome).set();
    int examplesMin = plan.client().examplesMin();
    if (all.size() < examplesMin) {
      return new LocalTrainerOutcome.StayedOut(
          LocalTrainerOutcome.Reason.TOO_FEW_EXAMPLES,
          "this device has fewer examples than the " + examplesMin + " that the plan asks for");
    }
    MetricSettings metrics = measures ? plan.evaluation().metrics() : null;
    double share = plan.evaluation().validationShare();
    if (metrics != null && isHeldBack(plan.id(), metrics.heldBackShare())) {
      LocalTrainerHoldout examples = LocalTrainerHoldout.splitToMeasure(all, share, holdoutSalt);
      int group = metrics.group(true, all.size());
      return new LocalTrainerOutcome.HeldBack(report(plan, start, examples, group));
    }
    LocalTrainerHoldout examples = LocalTrainerHoldout.split(all, share, holdoutSalt);
    int group = metrics == null ? NO_GROUP : metrics.group(false, all.size());
    return train(plan, start, settings, examples, report(plan, start, examples, group));
  }

  /** Another draw than those of the examples, which begin at the salt itself. */
  private boolean isHeldBack(PlanId plan, double share) {
    long ofPlan = new SplitMix64(holdoutSalt).nextLong() ^ plan.value().hashCode();
    return new SplitMix64(ofPlan).nextDouble() < share;
  }

  private static @Nullable MetricReport report(
      TrainingPlan plan, ModelParameters start, LocalTrainerHoldout examples, int group) {
    return group == NO_GROUP
        ? null
        : ModelMeasurement.of(plan, start, examples)
            .map(measured -> new MetricReport(group, measured.first(), measured.second()))
            .orElse(null);
  }

  private LocalTrainerOutcome train(
      TrainingPlan plan,
      ModelParameters start,
      TrainingSettings settings,
      LocalTrainerHoldout examples,
      @Nullable MetricReport report)
      throws IOException {
    TrainingTask task =
        new TrainingTask(
            plan.model(),
            start,
            examples.training(),
            settings,
            seeds.getAsLong(),
            userVector(plan));
    Optional<String> taskRefusal = engine.refusal(task);
    if (taskRefusal.isPresent()) {
      return new LocalTrainerOutcome.StayedOut(
          LocalTrainerOutcome.Reason.ENGINE_CAN_NOT, taskRefusal.get());
    }
    try {
      return new LocalTrainerOutcome.Trained(train(plan, task, examples), report);
    } catch (TrainingDivergedException e) {
      return new LocalTrainerOutcome.StayedOut(
          LocalTrainerOutcome.Reason.DIVERGED, String.valueOf(e.getMessage()));
    }
  }

  private LocalUpdate train(TrainingPlan plan, TrainingTask task, LocalTrainerHoldout examples)
      throws IOException, TrainingDivergedException {
    TrainingResult result = engine.train(task);
    double loss = result.meanLoss();
    if (examples.heldBack().size() > 0) {
      ModelParameters trained = trained(task.start(), result.delta());
      loss = validationLoss(plan, trained, examples, result, task.seed());
    }
    if (result.userVector() != null) {
      userVectors.keep(plan.id(), result.userVector());
    }
    return new LocalUpdate(result.delta(), result.examples(), loss);
  }

  private static double validationLoss(
      TrainingPlan plan,
      ModelParameters trained,
      LocalTrainerHoldout examples,
      TrainingResult result,
      long seed) {
    if (plan.model() instanceof ModelSpecification.Tabular tabular) {
      return LocalTrainerValidation.tabularLoss(
          tabular, trained, (TabularExamples) examples.heldBack());
    }
    return LocalTrainerValidation.itemLoss(
        plan.model(),
        trained,
        examples,
        result.userVector(),
        plan.client().negativesPerPositive(),
        seed);
  }

  private static ModelParameters trained(ModelParameters start, ParameterDelta delta) {
    float[] values = delta.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] += start.get(i);
    }
    return ModelParameters.copyOf(values);
  }

  /** The kept vector, if the model has private vectors and has not changed its dimension since. */
  private @Nullable UserVector userVector(TrainingPlan plan) throws IOException {
    if (!(plan.model() instanceof ModelSpecification.NeuralCf model)) {
      return null;
    }
    return userVectors
        .find(plan.id())
        .filter(vector -> vector.dimension() == model.dimension())
        .orElse(null);
  }
}
