package io.tacit.simulation.population;

import io.tacit.client.rounds.LeavingUpdate;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundStep;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.model.SplitMix64;

/**
 * People who close their app in the middle of a round, when its update is about to leave: in secure
 * aggregation the device has shared its keys by then, so that the others must take its masks off.
 */
public final class ClosingApps implements Companion.Choice {

  /** With more, shards would fall below their threshold again and again. */
  public static final double SHARE_MAX = 0.3;

  private final double share;
  private final long seed;

  /**
   * @param share of participations that end so, 0 to {@link #SHARE_MAX}
   * @param seed of the choice
   */
  public ClosingApps(double share, long seed) {
    if (!(share >= 0 && share <= SHARE_MAX)) {
      throw new IllegalArgumentException(
          "share of participations that break off is "
              + share
              + ", must be 0 to "
              + SHARE_MAX
              + ": a shard needs two thirds of its devices to the end");
    }
    this.share = share;
    this.seed = seed;
  }

  @Override
  public Companion of(int user, ClientId client) {
    SplitMix64 draws = new SplitMix64(new SplitMix64(seed).nextLong() + user);
    RoundObserver person =
        new RoundObserver() {
          @Override
          public void reached(RoundId round, RoundStep step) {}

          @Override
          public void leaving(LeavingUpdate update) throws ClosedAppException {
            if (draws.nextDouble() < share) {
              throw new ClosedAppException();
            }
          }
        };
    return new Companion() {
      @Override
      public RoundObserver observer() {
        return person;
      }
    };
  }
}
