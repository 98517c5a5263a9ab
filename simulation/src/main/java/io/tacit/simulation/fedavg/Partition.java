package io.tacit.simulation.fedavg;

import io.tacit.protocol.model.SplitMix64;
import io.tacit.simulation.data.LabelledImages;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which images each device has (McMahan et al. 2017, section 3). */
public enum Partition {
  /** Shuffled and dealt out: every device is like the others. */
  IID,
  /**
   * Sorted by class, cut into two shards per device, and two shards of chance given to each: most
   * devices know two classes.
   */
  TWO_SHARDS;

  private static final int SHARDS_PER_DEVICE = 2;

  /** The name in options and reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Deals out all images; numbers of images differ by at most one per device or shard.
   *
   * @param devices at most half of the images
   * @param seed of the shuffle
   * @return {@code int[devices][]}, indices of images
   * @throws IllegalArgumentException if there are too few images
   */
  int[][] deal(LabelledImages images, int devices, long seed) {
    if (devices > images.size() / SHARDS_PER_DEVICE) {
      throw new IllegalArgumentException(
          "--clients is "
              + devices
              + ", must be at most half of the "
              + images.size()
              + " training images; lower it");
    }
    SplitMix64 random = new SplitMix64(seed);
    int[] shuffled = shuffled(images.size(), random);
    if (this == IID) {
      return cut(shuffled, devices);
    }
    int[] sorted =
        Arrays.stream(shuffled)
            .boxed()
            .sorted(Comparator.comparingInt(images::label))
            .mapToInt(Integer::intValue)
            .toArray();
    int[][] shards = cut(sorted, devices * SHARDS_PER_DEVICE);
    int[] order = shuffled(shards.length, random);
    return IntStream.range(0, devices)
        .mapToObj(device -> joined(shards[order[2 * device]], shards[order[2 * device + 1]]))
        .toArray(int[][]::new);
  }

  private static int[][] cut(int[] images, int parts) {
    int[][] cut = new int[parts][];
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) images.length * part / parts);
      int to = (int) ((long) images.length * (part + 1) / parts);
      cut[part] = Arrays.copyOfRange(images, from, to);
    }
    return cut;
  }

  private static int[] joined(int[] one, int[] other) {
    int[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static int[] shuffled(int count, SplitMix64 random) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
    return order;
  }
}
