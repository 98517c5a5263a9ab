package io.tacit.client.training;

import io.tacit.protocol.model.SplitMix64;

/**
 * Which items a device trains on in which order: in every epoch its own items as positives and
 * newly drawn negatives, shuffled. All negatives are drawn ahead, so that the rows that training
 * will touch are known before it starts and nothing else has to be copied.
 *
 * <p>Items are named by local numbers: own items 0 to n-1 in their order, then the negatives.
 */
final class InteractionSchedule implements ExampleOrder {

  /** Most negatives over all epochs, 64 MB. */
  static final int DRAWS_MAX = 1 << 24;

  private final int positives;
  private final int negativesPerEpoch;
  private final IntIndex items;
  private final int[] negatives;
  private final int[] order;
  private final SplitMix64 random;

  InteractionSchedule(int[] own, int catalogue, TrainingSettings settings, SplitMix64 random) {
    requireInCatalogue(own, catalogue);
    this.positives = own.length;
    this.negativesPerEpoch =
        (int) Math.min((long) own.length * settings.negativesPerPositive(), catalogue - own.length);
    long draws = (long) negativesPerEpoch * settings.epochs();
    if (draws > DRAWS_MAX) {
      throw new IllegalArgumentException(
          "training would draw "
              + draws
              + " negatives, must be at most "
              + DRAWS_MAX
              + "; lower epochs, negativesPerPositive or the number of examples");
    }
    this.items = new IntIndex((int) Math.min(own.length + draws, catalogue));
    this.negatives = new int[(int) draws];
    this.order = new int[positives + negativesPerEpoch];
    this.random = random;
    for (int item : own) {
      items.add(item);
    }
    NegativeSampler sampler = new NegativeSampler(own, catalogue, negativesPerEpoch);
    for (int from = 0; from < draws; from += negativesPerEpoch) {
      sampler.draw(negativesPerEpoch, random, negatives, from);
    }
    for (int i = 0; i < negatives.length; i++) {
      negatives[i] = items.add(negatives[i]);
    }
  }

  /** Number of the device's own items. */
  int positives() {
    return positives;
  }

  @Override
  public int examples() {
    return order.length;
  }

  /** Number of distinct items over all epochs. */
  int items() {
    return items.size();
  }

  /** The embedding row of an item. */
  int row(int item) {
    return items.key(item);
  }

  @Override
  public int[] epoch(int epoch) {
    for (int i = 0; i < positives; i++) {
      order[i] = i;
    }
    System.arraycopy(negatives, epoch * negativesPerEpoch, order, positives, negativesPerEpoch);
    Shuffle.shuffle(order, random);
    return order;
  }

  private static void requireInCatalogue(int[] own, int catalogue) {
    for (int item : own) {
      if (item >= catalogue) {
        throw new IllegalArgumentException(
            "item " + item + " is no row of the model, rows are 0 to " + (catalogue - 1));
      }
    }
  }
}
