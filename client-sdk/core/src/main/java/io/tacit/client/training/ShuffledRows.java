package io.tacit.client.training;

import io.tacit.protocol.model.SplitMix64;

/** All rows in every epoch, shuffled anew. */
final class ShuffledRows implements ExampleOrder {

  private final int[] order;
  private final SplitMix64 random;

  ShuffledRows(int rows, SplitMix64 random) {
    this.order = new int[rows];
    this.random = random;
  }

  @Override
  public int examples() {
    return order.length;
  }

  @Override
  public int[] epoch(int epoch) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Shuffle.shuffle(order, random);
    return order;
  }
}
