package io.tacit.simulation.feedback;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * What was shown and clicked in one world, by person and by item. In the world of the federated
 * model only the devices know this; here it counts what came out. Not thread-safe.
 */
final class Experience {

  /** An item counts as shown so many times more, with the click rate of all items. */
  private static final double PRIOR_SHOWN = 20;

  private final BitSet[] seen;
  private final int[] shown = new int[FeedbackSettings.ITEMS];
  private final int[] clicked = new int[FeedbackSettings.ITEMS];

  Experience(int people) {
    this.seen = IntStream.range(0, people).mapToObj(i -> new BitSet()).toArray(BitSet[]::new);
  }

  void add(int person, int item, boolean click) {
    seen[person].set(item);
    shown[item]++;
    clicked[item] += click ? 1 : 0;
  }

  /** Items that the person has not been shown, ascending. */
  int[] unseen(int person) {
    return IntStream.range(0, FeedbackSettings.ITEMS)
        .filter(item -> !seen[person].get(item))
        .toArray();
  }

  /** The click rate of each item, drawn to that of all as long as it has been shown little. */
  double[] clickRates() {
    double all = (double) IntStream.of(clicked).sum() / Math.max(1, IntStream.of(shown).sum());
    return IntStream.range(0, FeedbackSettings.ITEMS)
        .mapToDouble(item -> (clicked[item] + PRIOR_SHOWN * all) / (shown[item] + PRIOR_SHOWN))
        .toArray();
  }
}
