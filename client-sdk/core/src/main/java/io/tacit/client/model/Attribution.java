package io.tacit.client.model;

/**
 * How a score came about: what each part of the input, such as an event or a feature, added to it.
 *
 * <p>Guarantee: efficiency. Contributions, features and remainder sum to {@code score - baseline},
 * up to rounding. Contributions are Shapley values (Shapley 1953) of the game in which parts join
 * one after the other: exact where the model has a closed form, over sampled orders elsewhere
 * (Castro, Gómez and Tejada 2009, "Polynomial calculation of the Shapley value based on sampling"),
 * where each order sums up exactly by itself. What an item counts for being among the latest is
 * credited to it by its place in the whole history. Immutable.
 */
public final class Attribution {

  private final double baseline;
  private final double score;
  private final double[] contributions;
  private final double features;
  private final double remainder;

  /** Takes the array over. */
  Attribution(
      double baseline, double score, double[] contributions, double features, double remainder) {
    this.baseline = baseline;
    this.score = score;
    this.contributions = contributions;
    this.features = features;
    this.remainder = remainder;
  }

  /** What the model says where nothing is known. */
  public double baseline() {
    return baseline;
  }

  /** What the model says with all that is known. */
  public double score() {
    return score;
  }

  /** Number of parts, in the order in which they were given. */
  public int size() {
    return contributions.length;
  }

  /** What a part added to the score; below 0 if it spoke against it. */
  public double contribution(int part) {
    return contributions[part];
  }

  /** What is added by what is known of the user beside the history; 0 if that is nothing. */
  public double features() {
    return features;
  }

  /**
   * What the private user vector adds that no part accounts for: negatives of its training, parts
   * that are gone by now. 0 for models without one.
   */
  public double remainder() {
    return remainder;
  }

  /** Prints no values: they tell of a person. */
  @Override
  public String toString() {
    return "Attribution[" + contributions.length + " parts]";
  }
}
