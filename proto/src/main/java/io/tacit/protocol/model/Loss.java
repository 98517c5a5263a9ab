package io.tacit.protocol.model;

/** What training makes small, per example. Natural logarithms. */
public enum Loss {
  /** {@code -y ln p - (1-y) ln(1-p)}, over sigmoid outputs, labels in [0, 1]. */
  BINARY_CROSS_ENTROPY,
  /** {@code -ln p[y]}, over a softmax layer, labels are class indices. */
  CATEGORICAL_CROSS_ENTROPY,
  /** {@code (p - y)^2}, averaged over the outputs. */
  MEAN_SQUARED_ERROR
}
