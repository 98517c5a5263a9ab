package io.tacit.client.model;

import io.tacit.protocol.model.SplitMix64;

/**
 * What parts of a network's input add to its output: the mean, over orders, of what each part adds
 * when it joins those before it. Every order is followed by its reverse, which cancels most of what
 * an order does by chance (Mitchell et al. 2022, "Sampling permutations for Shapley value
 * estimation"). The same input gives the same answer: orders come from a fixed seed.
 */
final class OrderedAttribution {

  /** Runs of the network, where two orders take no more: this bounds the time. */
  private static final int RUNS_MAX = 2_048;

  private static final int ORDER_PAIRS_MAX = 32;
  private static final int BATCH = 32;
  private static final long SEED = 1;

  private final DenseNetwork.Pass pass;
  private final int output;
  private final Parts parts;
  private final double[] contributions;
  private final double baseline;

  /** What the input is the sum of. */
  interface Parts {

    /** Adds a part, from 0, to {@code double[inputs]}. */
    void add(int part, double[] sum);
  }

  private OrderedAttribution(DenseNetwork network, int output, int count, Parts parts) {
    this.pass = network.newPass(BATCH);
    this.output = output;
    this.parts = parts;
    this.contributions = new double[count];
    // A new pass has an input of zeros.
    this.baseline = pass.run(1)[0][output];
  }

  /**
   * Attributes.
   *
   * @param output the unit of the last layer whose activation is the score
   * @param count how many parts there are
   * @param parts their sum is the input
   * @return baseline at an input of zeros; no remainder
   */
  static Attribution of(DenseNetwork network, int output, int count, Parts parts) {
    return new OrderedAttribution(network, output, count, parts).attribute();
  }

  private Attribution attribute() {
    int n = contributions.length;
    if (n == 0) {
      return new Attribution(baseline, baseline, contributions, 0, 0);
    }
    int pairs = Math.max(1, Math.min(ORDER_PAIRS_MAX, RUNS_MAX / (2 * n)));
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    SplitMix64 random = new SplitMix64(SEED);
    double score = 0;
    for (int pair = 0; pair < pairs; pair++) {
      score += join(order, 1.0 / (2 * pairs));
      reverse(order);
      score += join(order, 1.0 / (2 * pairs));
      shuffle(order, random);
    }
    return new Attribution(baseline, score, contributions, 0, 0);
  }

  /** Lets the parts join in an order; returns the weighted score of all of them. */
  private double join(int[] order, double weight) {
    double[] sum = new double[pass.input()[0].length];
    double before = baseline;
    for (int from = 0; from < order.length; from += BATCH) {
      int size = Math.min(BATCH, order.length - from);
      for (int b = 0; b < size; b++) {
        parts.add(order[from + b], sum);
        for (int j = 0; j < sum.length; j++) {
          pass.input()[b][j] = (float) sum[j];
        }
      }
      float[][] outputs = pass.run(size);
      for (int b = 0; b < size; b++) {
        contributions[order[from + b]] += weight * (outputs[b][output] - before);
        before = outputs[b][output];
      }
    }
    return weight * before;
  }

  private static void reverse(int[] order) {
    for (int i = 0; i < order.length / 2; i++) {
      swap(order, i, order.length - 1 - i);
    }
  }

  private static void shuffle(int[] order, SplitMix64 random) {
    for (int i = order.length - 1; i > 0; i--) {
      swap(order, i, random.nextInt(i + 1));
    }
  }

  private static void swap(int[] order, int i, int j) {
    int kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}
