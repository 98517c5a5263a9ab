package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;

/** What a model over attributes says of one candidate. Immutable. For the person alone. */
public final class Prediction {

  private final BehaviourEvent candidate;
  private final float[] outputs;

  /** Takes the array over. */
  Prediction(BehaviourEvent candidate, float[] outputs) {
    this.candidate = candidate;
    this.outputs = outputs;
  }

  /** What was asked about. */
  public BehaviourEvent candidate() {
    return candidate;
  }

  /**
   * The first output of the model, and for most the only one: how likely the plan's label is, from
   * 0 to 1, or the number itself where the plan predicts a number.
   */
  public double value() {
    return outputs[0];
  }

  /**
   * All outputs of the model: where the label is one of several classes, how likely each is.
   *
   * @return {@code float[outputs]}, a copy
   */
  public float[] outputs() {
    return outputs.clone();
  }

  /** Prints nothing of the person. */
  @Override
  public String toString() {
    return "Prediction[" + outputs.length + " outputs]";
  }
}
