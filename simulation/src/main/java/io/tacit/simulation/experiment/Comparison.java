package io.tacit.simulation.experiment;

import io.tacit.simulation.evaluation.Estimate;
import java.util.List;

/**
 * A trained model beside its controls, on the same users, items and negatives.
 *
 * @param rows the first is the federated model
 * @param bestRound whose model it is, chosen on validation items
 * @param rule how data was split and ties count; belongs beside the numbers
 */
public record Comparison(List<Row> rows, long bestRound, String rule) {

  public Comparison {
    rows = List.copyOf(rows);
  }

  /**
   * One scorer.
   *
   * @param name for people
   * @param hitRate HR@10 with its standard error over users
   * @param ndcg NDCG@10 with its standard error over users
   * @param hitRateOverPopularity paired difference of HR@10 to item popularity
   */
  public record Row(String name, Estimate hitRate, Estimate ndcg, Estimate hitRateOverPopularity) {}

  /** The federated model. */
  public Row federated() {
    return rows.get(0);
  }
}
