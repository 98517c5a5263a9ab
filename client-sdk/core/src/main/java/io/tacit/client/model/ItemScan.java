package io.tacit.client.model;

import java.util.BitSet;

/**
 * The best items of a catalogue by dot product and bias: all rows in order, a tile of scores at a
 * time. Exact. Beside the result it allocates one tile, whatever the size of the catalogue.
 *
 * <p>An item that is not wanted is scored all the same: a branch per item costs more than its
 * product, and memory is read in one stream. Who is wanted is only asked about those few whose
 * score beats the worst that was kept.
 */
final class ItemScan {

  /** Rows of a tile: at dimension 32 its embeddings are half of a first-level cache. */
  private static final int TILE = 128;

  private ItemScan() {}

  /**
   * Scans.
   *
   * @param user {@code float[dimension]}
   * @param count how many are kept, at most
   * @param wanted rows that may come up
   */
  static RankedItems best(ItemParameters parameters, float[] user, int count, BitSet wanted) {
    BestItems best = new BestItems(Math.min(count, parameters.items()));
    float[] scores = new float[TILE];
    for (int first = 0; first < parameters.items(); first += TILE) {
      int size = Math.min(TILE, parameters.items() - first);
      parameters.dots(user, first, size, scores);
      addBiases(parameters, first, size, scores);
      offer(best, first, size, scores, wanted);
    }
    return best.drain();
  }

  private static void addBiases(ItemParameters parameters, int first, int size, float[] scores) {
    if (parameters.hasBias()) {
      for (int i = 0; i < size; i++) {
        scores[i] += parameters.bias(first + i);
      }
    }
  }

  private static void offer(BestItems best, int first, int size, float[] scores, BitSet wanted) {
    for (int i = 0; i < size; i++) {
      if (best.mayKeep(scores[i]) && wanted.get(first + i)) {
        best.offer(first + i, scores[i]);
      }
    }
  }
}
