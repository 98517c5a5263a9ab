package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.NegativeSampling;
import java.util.HashSet;
import java.util.List;

/**
 * What is evaluated and how often.
 *
 * @param seeds of split, model start and devices, 1 to 100 different ones
 * @param usersMax at most so many users of the data take part, 20 to 100 000
 * @param sampling from which items training draws negatives
 * @param coldStart whether devices that took no part in training are measured too
 * @param judgeEvery the model is judged on validation every so many rounds, and at the last; 1 to
 *     10 000
 */
public record QualitySettings(
    List<Long> seeds, int usersMax, NegativeSampling sampling, boolean coldStart, int judgeEvery) {

  private static final int SEEDS_MAX = 100;

  public QualitySettings {
    seeds = List.copyOf(seeds);
    require("the number of --seeds", seeds.size(), 1, SEEDS_MAX);
    require("--users", usersMax, 20, 100_000);
    require("--judge-every", judgeEvery, 1, 10_000);
    if (new HashSet<>(seeds).size() != seeds.size()) {
      throw new IllegalArgumentException(
          "--seeds are " + seeds + ", must be different from each other");
    }
  }

  /** Without cold start. */
  public QualitySettings(
      List<Long> seeds, int usersMax, NegativeSampling sampling, int judgeEvery) {
    this(seeds, usersMax, sampling, false, judgeEvery);
  }

  private static void require(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + ", must be " + min + " to " + max);
    }
  }
}
