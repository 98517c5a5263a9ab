package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains the model of a plan on a device's own examples.
 *
 * <p>Guarantee: starts from the announced parameters only; private vectors stay in the device's
 * store. Thread-safe if its parts are.
 */
public final class LocalTrainer {

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
   * @param holdoutSalt decides which examples are held back under a plan with a validation share;
   *     the same for the life of a device, different between devices
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
   * Trains once.
   *
   * @param plan says how
   * @param catalogue of the plan, null if it has none
   * @param start the announced parameters, of the plan's size
   * @return an update, or why this device has none to give
   * @throws IOException if the device's storage fails
   */
  public LocalTrainerOutcome train(
      TrainingPlan plan, @Nullable Catalogue catalogue, ModelParameters start) throws IOException {
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
    LocalTrainerHoldout examples =
        LocalTrainerHoldout.split(all, plan.evaluation().validationShare(), holdoutSalt);
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
      return new LocalTrainerOutcome.Trained(train(plan, task, examples));
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
