package io.tacit.client.training;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.ModelSpecification;
import java.util.Objects;

/**
 * The training engine in plain Java over float arrays, without native code: what a phone runs, and
 * what thousands of virtual devices run. Trains every model there is. Stateless, so one engine
 * serves all threads; steps allocate nothing. Of a model of items it copies only the rows that the
 * device's examples and negatives touch.
 */
public final class PortableEngine implements TrainingEngine {

  /** The word by which settings choose this engine. */
  public static final String NAME = "portable";

  @Override
  public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
    return LocalTraining.of(task).run(PortableEngine::learner);
  }

  /** The learner of this engine, for those who compare engines step by step. */
  public static Learner learner(LocalModel model) {
    return PortableLearners.TRAINING.create(model);
  }

  /**
   * Fits the private user vector to the model as it is now, which stays fixed. Vectors go stale
   * between a device's trainings, while other devices move the items: call this before scoring.
   *
   * @param task of a neural-cf model; its epochs say how long to fit
   * @throws TrainingDivergedException if a loss or the vector became NaN or infinite
   * @throws IllegalArgumentException if the model is of another kind
   */
  public UserVector refit(TrainingTask task) throws TrainingDivergedException {
    if (!(task.specification() instanceof ModelSpecification.NeuralCf)) {
      throw new IllegalArgumentException(
          "a "
              + task.specification().kind()
              + " model has no private user vector to refit; score with it as it is");
    }
    PortableLearners learners =
        new PortableLearners((settings, rows, proximal) -> new FixedRows(), Optimiser::of);
    TrainingResult result = LocalTraining.of(task).run(learners);
    return Objects.requireNonNull(result.userVector());
  }
}
