package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.quality.QualityRow.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One way to rank for new devices, over all seeds.
 *
 * @param system such as {@code first 3 events}
 * @param hitRate HR@10 among sampled negatives
 * @param ndcg NDCG@10 among sampled negatives
 * @param overPopularity HR@10 less that of item popularity, paired by user
 */
public record ColdStartRow(String system, Figure hitRate, Figure ndcg, Figure overPopularity) {

  static List<ColdStartRow> of(List<ColdStartResult> seeds) {
    List<ColdStartRow> rows = new ArrayList<>();
    if (seeds.isEmpty()) {
      return rows;
    }
    for (ColdStartResult.Row row : seeds.get(0).rows()) {
      String system = row.system();
      rows.add(
          new ColdStartRow(
              system,
              figure(seeds, seed -> of(seed, system).hitRate()),
              figure(seeds, seed -> of(seed, system).ndcg()),
              figure(
                  seeds,
                  seed -> of(seed, system).hitRateOver(of(seed, ColdStartResult.POPULARITY)))));
    }
    return rows;
  }

  private static RankingResult of(ColdStartResult seed, String system) {
    return seed.rows().stream()
        .filter(row -> row.system().equals(system))
        .findFirst()
        .orElseThrow()
        .sampled();
  }

  private static Figure figure(
      List<ColdStartResult> seeds, Function<ColdStartResult, Estimate> estimate) {
    return Figure.of(seeds.stream().map(estimate).toList());
  }
}
