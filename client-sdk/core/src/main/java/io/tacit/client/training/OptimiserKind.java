package io.tacit.client.training;

/** How a device moves parameters along their gradient. */
public enum OptimiserKind {
  /** Stochastic gradient descent: {@code w -= rate * g}. */
  SGD,
  /** Adam (Kingma and Ba 2015) over all parameters in every step. */
  ADAM,
  /**
   * Adam that leaves embedding rows (and their moments) alone in steps that do not touch them; the
   * same as {@link #ADAM} for dense layers.
   */
  SPARSE_ADAM
}
