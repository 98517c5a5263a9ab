package io.tacit.simulation.population;

import io.tacit.client.rounds.LeavingUpdate;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundStep;
import io.tacit.client.training.ExampleSource;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.model.SplitMix64;

/**
 * People who close their app in the middle of a round. Where its update was about to leave, the
 * device has shared its keys by then in secure aggregation, so that the others must take its masks
 * off.
 */
public final class ClosingApps implements Companion.Choice {

  /** With more, shards would fall below their threshold again and again. */
  public static final double SHARE_MAX = 0.3;

  private final double share;
  private final double whileTraining;
  private final long seed;

  private ClosingApps(double share, double whileTraining, long seed) {
    if (!(share >= 0 && share <= SHARE_MAX)) {
      throw new IllegalArgumentException(
          "share of participations that break off is "
              + share
              + ", must be 0 to "
              + SHARE_MAX
              + ": a shard needs two thirds of its devices to the end");
    }
    this.share = share;
    this.whileTraining = whileTraining;
    this.seed = seed;
  }

  /**
   * All of them when the update is about to leave.
   *
   * @param share of participations that end so, 0 to {@link #SHARE_MAX}
   * @param seed of the choice
   */
  public ClosingApps(double share, long seed) {
    this(share, 0, seed);
  }

  /**
   * Half of them before the device has trained, which nobody hears of, and half when the update is
   * about to leave, which the others wait for.
   *
   * @param share of participations that end in one way or the other, 0 to {@link #SHARE_MAX}
   * @param seed of the choice
   */
  public static ClosingApps soonAndLate(double share, long seed) {
    return new ClosingApps(share, share / 2, seed);
  }

  @Override
  public Companion of(int user, ClientId client) {
    SplitMix64 draws = new SplitMix64(new SplitMix64(seed).nextLong() + user);
    return new Companion() {
      @Override
      public ExampleSource examples(ExampleSource examples) {
        return whileTraining == 0
            ? examples
            : (plan, catalogue) -> {
              closeWith(draws, whileTraining);
              return examples.examples(plan, catalogue);
            };
      }

      @Override
      public RoundObserver observer() {
        return new ClosingWhenLeaving(draws, (share - whileTraining) / (1 - whileTraining));
      }
    };
  }

  /** Of those who have not closed their app before, so many close it now. */
  private record ClosingWhenLeaving(SplitMix64 draws, double chance) implements RoundObserver {

    @Override
    public void reached(RoundId round, RoundStep step) {}

    @Override
    public void leaving(LeavingUpdate update) throws ClosedAppException {
      closeWith(draws, chance);
    }
  }

  private static void closeWith(SplitMix64 draws, double chance) throws ClosedAppException {
    if (draws.nextDouble() < chance) {
      throw new ClosedAppException();
    }
  }
}
