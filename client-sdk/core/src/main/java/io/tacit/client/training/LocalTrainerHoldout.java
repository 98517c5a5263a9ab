package io.tacit.client.training;

import io.tacit.protocol.model.SplitMix64;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A device's examples, split into those it trains on and those it only measures on.
 *
 * <p>An example is on one side for good: the hash of its content and the device's salt decides, so
 * that no later training sees what an earlier one measured on. Devices hold back different items;
 * otherwise nobody would train on some.
 *
 * @param training at least one example, of a device that trains
 * @param heldBack possibly none, of a device that trains
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
    BitSet held = heldBack(draws(all, salt), share);
    if (held.isEmpty() || held.cardinality() == all.size()) {
      // The first duty is to train: who has too little for both measures nothing.
      return new LocalTrainerHoldout(all, select(all, new int[0]));
    }
    return split(all, held);
  }

  /**
   * Splits for a device that only measures: it holds back one example at the least, and keeps one
   * to know its user by if it has two.
   *
   * @param all at least one example
   * @param share to hold back, 0 to 0.5
   * @param salt of the device
   */
  static LocalTrainerHoldout splitToMeasure(ExampleSet all, double share, long salt) {
    double[] draws = draws(all, salt);
    BitSet held = heldBack(draws, share);
    int least = 0;
    int most = 0;
    for (int i = 1; i < draws.length; i++) {
      least = draws[i] < draws[least] ? i : least;
      most = draws[i] > draws[most] ? i : most;
    }
    if (draws.length > 1) {
      held.clear(most);
    }
    held.set(least);
    return split(all, held);
  }

  private static LocalTrainerHoldout split(ExampleSet all, BitSet held) {
    return new LocalTrainerHoldout(
        select(all, IntStream.range(0, all.size()).filter(i -> !held.get(i)).toArray()),
        select(all, held.stream().toArray()));
  }

  private static BitSet heldBack(double[] draws, double share) {
    BitSet held = new BitSet(draws.length);
    for (int i = 0; i < draws.length; i++) {
      held.set(i, draws[i] < share);
    }
    return held;
  }

  /** Of each example, uniform in [0, 1). */
  private static double[] draws(ExampleSet all, long salt) {
    return LongStream.of(contentHashes(all))
        .mapToDouble(hash -> new SplitMix64(salt ^ hash).nextDouble())
        .toArray();
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
