package io.tacit.client.training;

import io.tacit.protocol.model.ModelSpecification;
import java.util.Optional;

/**
 * Trains a model on the examples of one device. Implementations are safe for use by threads. {@link
 * TrainingEngines} finds those on the class path.
 *
 * <p>An engine owns how parameters move; {@link LocalTraining} owns everything else (which examples
 * in which order, negatives, epochs, the difference that is sent), so that the same task means the
 * same on every engine.
 */
@FunctionalInterface
public interface TrainingEngine {

  /**
   * Why this engine can not train a model so, for people; empty if it can.
   *
   * @param model any
   * @param settings any
   */
  default Optional<String> refusal(ModelSpecification model, TrainingSettings settings) {
    return Optional.empty();
  }

  /**
   * Why this engine can not do a task whose model and settings it does not refuse, such as one that
   * never fits into the memory that it may use; for people, empty if it can.
   */
  default Optional<String> refusal(TrainingTask task) {
    return Optional.empty();
  }

  /**
   * Trains from the task's start. The same task gives the same bits on the same engine.
   *
   * @throws TrainingDivergedException if a loss or parameter became NaN or infinite; nothing of the
   *     training is kept
   * @throws IllegalArgumentException if the examples do not fit the model, or with the reason of a
   *     {@link #refusal}
   */
  TrainingResult train(TrainingTask task) throws TrainingDivergedException;
}
