package io.tacit.client.model;

import io.tacit.protocol.model.ModelSpecification;

/**
 * How much each own item counts in the vector of a two-tower model's user: the same for all of
 * them, and on top of it more for the latest, see {@link io.tacit.protocol.model.Recency}.
 * Immutable and safe to share.
 */
public final class HistoryWeights {

  private final float ofAll;
  private final float latest;
  private final float decay;

  private HistoryWeights(float ofAll, float latest, float decay) {
    this.ofAll = ofAll;
    this.latest = latest;
    this.decay = decay;
  }

  /** The weights of a model. */
  public static HistoryWeights of(ModelSpecification.TwoTower model) {
    if (model.recency().isNone()) {
      return new HistoryWeights(1, 0, 0);
    }
    double share = model.recency().share();
    // StrictMath: the same bits on every device.
    double decay = StrictMath.pow(0.5, 1 / model.recency().halfLife());
    return new HistoryWeights(
        (float) Math.sqrt(1 - share),
        (float) (Math.sqrt(share) * Math.sqrt(1 - decay * decay)),
        (float) decay);
  }

  /** Whether later items count more. */
  public boolean hasRecency() {
    return latest > 0;
  }

  /** What each of so many items counts, {@code sqrt(1 - share) / sqrt(max(n, 1))}. */
  public float ofAll(int items) {
    return (float) (ofAll / Math.sqrt(Math.max(items, 1)));
  }

  /** What the latest item counts on top of that; 0 without recency. */
  public float latest() {
    return latest;
  }

  /** By what this is multiplied for each item that came later. */
  public float decay() {
    return decay;
  }
}
