package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.RankingResult;
import java.util.List;

/**
 * One system on one seed.
 *
 * @param contender the system
 * @param seed of everything random
 * @param sampled test items among the sampled negatives
 * @param full test items among the whole catalogue
 * @param validationHitRate HR@10 on validation items, by which the settings of this cell were
 *     chosen
 * @param chosen what was chosen on validation, such as {@code round 45}; empty if nothing was
 * @param curve how training went, in order; empty without rounds
 * @param seconds that it took
 */
public record CellResult(
    Contender contender,
    long seed,
    RankingResult sampled,
    RankingResult full,
    double validationHitRate,
    String chosen,
    List<CurvePoint> curve,
    double seconds) {

  public CellResult {
    curve = List.copyOf(curve);
  }

  /**
   * The model after a round.
   *
   * @param round its number
   * @param loss mean training loss of its participants
   * @param validationHitRate HR@10 on validation items
   * @param testHitRate HR@10 on test items, which decides nothing
   */
  public record CurvePoint(long round, double loss, double validationHitRate, double testHitRate) {}
}
