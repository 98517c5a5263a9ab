package io.tacit.protocol.model;

/** How the parameters of a block start, before the first round. */
public enum Initialiser {
  /** All zero. */
  ZERO,
  /** Normal with mean 0 and standard deviation 0.1, the usual start of embeddings. */
  NORMAL,
  /**
   * Uniform in {@code ±sqrt(6 / (fan-in + fan-out))} (Glorot and Bengio 2010, equation 16), for
   * saturating and linear units.
   */
  GLOROT_UNIFORM,
  /** Normal with variance {@code 2 / fan-in} (He et al. 2015, equation 10), for rectified units. */
  HE_NORMAL
}
