package io.tacit.client.training;

/** Which examples each epoch of a training sees, in which order. Not thread-safe. */
interface ExampleOrder {

  /** Examples in every epoch. */
  int examples();

  /**
   * Orders an epoch; every epoch once, from 0 on.
   *
   * @return numbers of examples as {@link LocalModel} explains them; overwritten by the next call
   */
  int[] epoch(int epoch);
}
