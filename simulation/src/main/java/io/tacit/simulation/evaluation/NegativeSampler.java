package io.tacit.simulation.evaluation;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** Draws items uniformly from a catalogue less some. Thread-safe: it does not change. */
public final class NegativeSampler {

  private final int itemCount;
  private final BitSet excluded;

  /**
   * A sampler.
   *
   * @param excludedItems never drawn
   * @throws IllegalArgumentException if no item is left
   */
  public NegativeSampler(int itemCount, int[] excludedItems) {
    this(itemCount, new BitSet(itemCount));
    for (int item : excludedItems) {
      excluded.set(item);
    }
    if (excluded.cardinality() >= itemCount) {
      throw new IllegalArgumentException(
          "all " + itemCount + " items are excluded; at least one must be left to draw");
    }
  }

  private NegativeSampler(int itemCount, BitSet excluded) {
    this.itemCount = itemCount;
    this.excluded = excluded;
  }

  NegativeSampler without(int item) {
    BitSet more = (BitSet) excluded.clone();
    more.set(item);
    return new NegativeSampler(itemCount, more);
  }

  /** One item; with replacement from draw to draw. */
  public int draw(RandomGenerator random) {
    int item = random.nextInt(itemCount);
    while (excluded.get(item)) {
      item = random.nextInt(itemCount);
    }
    return item;
  }
}
