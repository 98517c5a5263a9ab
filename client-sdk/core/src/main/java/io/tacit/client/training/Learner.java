package io.tacit.client.training;

/**
 * A {@link LocalModel} while it learns: what engines differ in. Which examples come in which order
 * is decided outside, so that all engines see the same steps. Used by one thread.
 */
public interface Learner extends AutoCloseable {

  /**
   * One step over the examples at {@code from} to before {@code to}.
   *
   * @param examples numbers of examples, as the model explains them; read only
   * @param scale by what the loss of each example is multiplied: 1 for their sum, one over their
   *     number for their mean
   * @return the sum of their losses before the step, not scaled
   */
  double step(int[] examples, int from, int to, float scale);

  /** Leaves in the model's rows what was learnt; for learners that keep a copy elsewhere. */
  default void finish() {}

  /** Releases what is not the garbage collector's. */
  @Override
  default void close() {}

  /** Makes learners. */
  @FunctionalInterface
  interface Factory {

    /**
     * A learner that starts from the model's rows.
     *
     * @throws IllegalArgumentException if the engine cannot express what the model or its settings
     *     ask for
     */
    Learner create(LocalModel model);
  }
}
