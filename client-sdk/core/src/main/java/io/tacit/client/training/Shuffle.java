package io.tacit.client.training;

import io.tacit.protocol.model.SplitMix64;

/** The order of examples in an epoch. */
final class Shuffle {

  private Shuffle() {}

  /** Fisher and Yates, in place. */
  static void shuffle(int[] order, SplitMix64 random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
