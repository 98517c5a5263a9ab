package io.tacit.simulation.feedback;

import io.tacit.protocol.model.SplitMix64;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What people like, told to nobody. Each item belongs to a topic and has an appeal of its own; each
 * person likes some topics and not others:
 *
 * <pre>
 *   P(click) = sigmoid(BIAS + TASTE * taste of the person for the topic + APPEAL * appeal of the item)
 * </pre>
 *
 * with appeals standard normal, and the tastes of each person of mean 0 and variance 1: people
 * differ in what they like, not in how much. Whoever knows appeals only does better than chance;
 * whoever knows tastes, too, does better than that. Immutable and thread-safe.
 */
final class HiddenPreference {

  private static final int TOPICS = 6;
  private static final double BIAS = -2.5;
  private static final double TASTE = 2;
  private static final double APPEAL = 0.5;

  private final int[] topics;
  private final double[] appeals;
  private final double[][] tastes;
  private final boolean shuffled;
  private final long coins;

  private HiddenPreference(
      int[] topics, double[] appeals, double[][] tastes, boolean shuffled, long coins) {
    this.topics = topics;
    this.appeals = appeals;
    this.tastes = tastes;
    this.shuffled = shuffled;
    this.coins = coins;
  }

  static HiddenPreference of(FeedbackSettings settings) {
    SplitMix64 random = new SplitMix64(settings.seed());
    return new HiddenPreference(
        IntStream.generate(() -> random.nextInt(TOPICS)).limit(FeedbackSettings.ITEMS).toArray(),
        gaussians(FeedbackSettings.ITEMS, random),
        IntStream.range(0, settings.devices())
            .mapToObj(person -> standardised(gaussians(TOPICS, random)))
            .toArray(double[][]::new),
        settings.shuffled(),
        random.nextLong());
  }

  /** The chance that a person who is shown an item on a day clicks it. */
  double chance(int person, int item, int day) {
    double taste = tastes[owner(person, day)][topics[item]];
    return 1 / (1 + Math.exp(-(BIAS + TASTE * taste + APPEAL * appeals[item])));
  }

  /**
   * Whether the person clicks. The coin of a person, item and day is the same whoever shows the
   * item, so that two ways to choose items differ by their choice alone.
   */
  boolean clicks(int person, int item, int day) {
    SplitMix64 coin = new SplitMix64(coins);
    for (int part : new int[] {person, item, day}) {
      coin = new SplitMix64(coin.nextLong() + part);
    }
    return coin.nextDouble() < chance(person, item, day);
  }

  /** Whose tastes the person has on a day: its own, or anyone's where they are exchanged. */
  private int owner(int person, int day) {
    if (!shuffled) {
      return person;
    }
    return new SplitMix64(new SplitMix64(coins + day).nextLong() + person).nextInt(tastes.length);
  }

  private static double[] standardised(double[] values) {
    double mean = DoubleStream.of(values).average().orElseThrow();
    double variance =
        DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum() / values.length;
    return DoubleStream.of(values).map(value -> (value - mean) / Math.sqrt(variance)).toArray();
  }

  private static double[] gaussians(int count, SplitMix64 random) {
    return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
  }
}
