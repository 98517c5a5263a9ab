package io.tacit.protocol.model;

/** What a dense layer applies to its sums. */
public enum Activation {
  IDENTITY,
  RELU,
  SIGMOID,
  TANH,
  /** Over all units of the layer; only for the last layer, with categorical cross-entropy. */
  SOFTMAX
}
