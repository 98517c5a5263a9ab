package io.tacit.client.training;

import io.tacit.protocol.model.SplitMix64;
import java.util.Arrays;

/**
 * Draws items that a device did not train on: uniformly and without replacement from everything
 * outside its own training items. Held-out items are therefore drawn like any other; to leave them
 * out would tell the model what it is tested on.
 *
 * <p>Draws ranks by Floyd's method (Bentley and Floyd, CACM 1987) and maps a rank to the item by a
 * binary search over the own items: one step per draw, whatever share of the catalogue is the
 * device's own. Not thread-safe.
 */
final class NegativeSampler {

  private final int[] own;
  private final int available;
  private final IntIndex drawn;

  /**
   * @param ownItems distinct rows below {@code items}
   * @param items rows of the catalogue
   * @param drawsMax most items that one call will ask for
   */
  NegativeSampler(int[] ownItems, int items, int drawsMax) {
    this.own = ownItems.clone();
    Arrays.sort(own);
    this.available = items - own.length;
    this.drawn = new IntIndex(Math.min(drawsMax, available));
  }

  /**
   * Draws distinct items.
   *
   * @param count how many are wanted; all there are, if there are fewer
   * @param target filled from {@code from} on
   * @return how many were drawn
   */
  int draw(int count, SplitMix64 random, int[] target, int from) {
    int draws = Math.min(count, available);
    drawn.clear();
    for (int bound = available - draws; bound < available; bound++) {
      int rank = random.nextInt(bound + 1);
      if (drawn.contains(rank)) {
        rank = bound;
      }
      target[from + drawn.size()] = itemOf(rank);
      drawn.add(rank);
    }
    return draws;
  }

  /** The item that has so many items below it that are not the device's own. */
  private int itemOf(int rank) {
    int low = 0;
    int high = own.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (own[middle] - middle <= rank) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return rank + low;
  }
}
