package io.tacit.client.training;

import io.tacit.protocol.model.SplitMix64;
import java.util.stream.IntStream;

/**
 * A device's examples, split into those it trains on and those it only measures on.
 *
 * <p>An example is on one side for good: the hash of its content and the device's salt decides, so
 * that no later training sees what an earlier one measured on. Devices hold back different items;
 * otherwise nobody would train on some.
 *
 * @param training at least one example
 * @param heldBack possibly none
 */
record LocalTrainerHoldout(ExampleSet training, ExampleSet heldBack) {

  /**
   * Splits.
   *
   * @param all at least one example
   * @param share to hold back, 0 to 0.5
   * @param salt of the device
   */
  static LocalTrainerHoldout split(ExampleSet all, double share, long salt) {
    long[] hashes = contentHashes(all);
    int[] held =
        IntStream.range(0, hashes.length)
            .filter(i -> new SplitMix64(salt ^ hashes[i]).nextDouble() < share)
            .toArray();
    if (held.length == 0 || held.length == hashes.length) {
      // The first duty is to train: who has too little for both measures nothing.
      return new LocalTrainerHoldout(all, select(all, new int[0]));
    }
    int[] kept =
        IntStream.range(0, hashes.length)
            .filter(i -> new SplitMix64(salt ^ hashes[i]).nextDouble() >= share)
            .toArray();
    return new LocalTrainerHoldout(select(all, kept), select(all, held));
  }

  private static long[] contentHashes(ExampleSet all) {
    if (all instanceof InteractionExamples interactions) {
      return IntStream.of(interactions.items()).asLongStream().toArray();
    }
    TabularExamples tabular = (TabularExamples) all;
    int width = tabular.features().length / tabular.size();
    long[] hashes = new long[tabular.size()];
    for (int i = 0; i < tabular.features().length; i++) {
      hashes[i / width] = 31 * hashes[i / width] + Float.floatToIntBits(tabular.features()[i]);
    }
    return hashes;
  }

  private static ExampleSet select(ExampleSet all, int[] indices) {
    if (all instanceof InteractionExamples interactions) {
      int[] items = interactions.items();
      return interactions.withItems(IntStream.of(indices).map(i -> items[i]).toArray());
    }
    TabularExamples tabular = (TabularExamples) all;
    return TabularExamples.of(
        indices.length,
        selectRows(tabular.features(), tabular.size(), indices),
        selectRows(tabular.labels(), tabular.size(), indices));
  }

  private static float[] selectRows(float[] rows, int size, int[] indices) {
    int width = rows.length / size;
    float[] selected = new float[indices.length * width];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(rows, indices[i] * width, selected, i * width, width);
    }
    return selected;
  }
}
