package io.tacit.client.training;

/** Trains a model on the examples of one device. Implementations are safe for use by threads. */
public interface TrainingEngine {

  /**
   * Trains from the task's start. The same task gives the same bits on the same engine.
   *
   * @throws TrainingDivergedException if a loss or parameter became NaN or infinite; nothing of the
   *     training is kept
   * @throws IllegalArgumentException if the examples do not fit the model, or the engine cannot
   *     express what the settings ask for
   */
  TrainingResult train(TrainingTask task) throws TrainingDivergedException;
}
