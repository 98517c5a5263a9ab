package io.tacit.protocol.model;

/**
 * How much the latest items of a user count beside all of them. A user's vector is
 *
 * <pre>
 * sqrt(1 - share) · Σ Q_i / sqrt(n)  +  sqrt(share) · sqrt(1 - δ²) · Σ δ^k Q_(n-1-k),  δ = 2^(-1 / halfLife)
 * </pre>
 *
 * over the history embeddings Q of n own items, earliest first: what the person likes at any time,
 * and what they are about now. Over histories well above the half-life both parts have the length
 * of one embedding where embeddings are independent, so that a share changes what the vector says
 * more than how long it is; with fewer items, and at the first moments of training, the second is
 * shorter. It is the fusion of item similarity and Markov chains of He and McAuley 2016 (Fossil),
 * with weights that fall off geometrically in place of learnt ones.
 *
 * @param share of the latest items, 0 to 1; 0 without
 * @param halfLife an item counts half of one that was chosen so many items later, 0.1 to 1 000; 0
 *     without. Well below the usual length of a history
 */
public record Recency(double share, double halfLife) {

  /** Items after which one counts half, where nothing else is said. */
  public static final double USUAL_HALF_LIFE = 5;

  /** All items count alike. */
  public static final Recency NONE = new Recency(0, 0);

  private static final double HALF_LIFE_MIN = 0.1;
  private static final double HALF_LIFE_MAX = 1_000;

  public Recency {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "recency share is " + share + ", must be 0 to 1; 0 lets all items count alike");
    }
    // A zero is one zero, also in equals.
    share = share == 0 ? 0 : share;
    halfLife = halfLife == 0 ? 0 : halfLife;
    if (share == 0 && halfLife != 0) {
      throw new IllegalArgumentException(
          "recency half-life is " + halfLife + " without a share, give a share above 0 or neither");
    }
    if (share > 0 && !(halfLife >= HALF_LIFE_MIN && halfLife <= HALF_LIFE_MAX)) {
      throw new IllegalArgumentException(
          "recency half-life is "
              + halfLife
              + " items, must be "
              + HALF_LIFE_MIN
              + " to "
              + (int) HALF_LIFE_MAX
              + "; "
              + (int) USUAL_HALF_LIFE
              + " is a usual start");
    }
  }

  /** Whether all items count alike. */
  public boolean isNone() {
    return share == 0;
  }
}
