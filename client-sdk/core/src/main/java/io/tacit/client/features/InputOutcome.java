package io.tacit.client.features;

/** What became of events under a plan over attributes: a model's inputs, or why they do not fit. */
public sealed interface InputOutcome {

  /**
   * Inputs of the plan's model.
   *
   * @param rows {@code float[events][inputs]}, the caller's
   */
  record Inputs(float[][] rows) implements InputOutcome {}

  /**
   * An event does not fit the plan's features, or there are too many.
   *
   * @param detail names the feature and what is wrong with it; holds no value of any event
   */
  record Unfit(String detail) implements InputOutcome {}
}
