package io.tacit.client.training;

/** What became of a device's behaviour under a plan: examples, or why it does not fit. */
public sealed interface ExampleOutcome {

  /**
   * Examples, possibly none.
   *
   * @param set the latest ones, at most {@code client.examples-max} of the plan
   */
  record Examples(ExampleSet set) implements ExampleOutcome {}

  /**
   * The device's data does not fit the plan's features.
   *
   * @param detail names the feature and what is wrong with it; holds no value of any event
   */
  record Unfit(String detail) implements ExampleOutcome {}
}
