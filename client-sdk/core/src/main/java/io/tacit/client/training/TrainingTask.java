package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import org.jspecify.annotations.Nullable;

/**
 * One local training: everything that decides its result.
 *
 * @param specification the model
 * @param start its parameters before training
 * @param examples {@link TabularExamples} for a tabular model, {@link InteractionExamples} for
 *     models of items
 * @param settings how to train
 * @param seed decides order, negatives, and a new private vector; on devices drawn from a
 *     SecureRandom, as it shapes what leaves the device
 * @param userVector the private vector that the last training returned, for neural collaborative
 *     filtering; null starts a new one, other models ignore it
 */
public record TrainingTask(
    ModelSpecification specification,
    ModelParameters start,
    ExampleSet examples,
    TrainingSettings settings,
    long seed,
    @Nullable UserVector userVector) {

  public TrainingTask {
    int expected = specification.layout().size();
    if (start.size() != expected) {
      throw new IllegalArgumentException(
          "parameters have "
              + start.size()
              + " elements but the "
              + specification.kind()
              + " model has "
              + expected
              + "; fetch the model again before training");
    }
    if (examples.size() == 0) {
      throw new IllegalArgumentException(
          "there are 0 examples to train on, must be at least 1; stay out of the round");
    }
  }

  /** A task without private state. */
  public TrainingTask(
      ModelSpecification specification,
      ModelParameters start,
      ExampleSet examples,
      TrainingSettings settings,
      long seed) {
    this(specification, start, examples, settings, seed, null);
  }
}
