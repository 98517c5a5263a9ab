package io.tacit.simulation.baselines;

import io.tacit.protocol.model.Recency;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;

/**
 * Whether what people do next follows from what they have just done, asked of validation items
 * before anything is trained: do the neighbours of a user's items find them more often when the
 * latest of these count more? Says yes or no for a model that could use it; not by how much.
 *
 * @param gain HR@10 with the latest counting more less that without, paired by user
 */
public record OrderSignal(Estimate gain) {

  /** Below so many standard errors a gain is taken for chance: 1 in 40 of nothing is above. */
  private static final double ERRORS_MIN = 2;

  /**
   * Asks the validation items of a split. Some seconds where histories are long.
   *
   * @param recency how much the latest items are to count more
   * @throws IllegalArgumentException if the data has no times, so that there is no order
   */
  public static OrderSignal of(HonestSplit split, Recency recency) {
    if (!split.data().timed()) {
      throw new IllegalArgumentException(
          split.data().name() + " has no times, so there is no order to ask about");
    }
    RankingTask validation = RankingTask.sampled(split, HeldOut.VALIDATION);
    ItemNeighbours neighbours = ItemNeighbours.of(split);
    return new OrderSignal(
        validation
            .evaluate(neighbours.scorer(recency))
            .hitRateOver(validation.evaluate(neighbours.scorer(Recency.NONE))));
  }

  /** Whether the gain is more than chance gives. */
  public boolean isThere() {
    return gain.mean() > ERRORS_MIN * gain.standardError();
  }
}
