package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.evaluation.RankingResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One contender over all seeds.
 *
 * @param contender the system
 * @param sampledHitRate HR@10 among sampled negatives
 * @param sampledNdcg NDCG@10 among sampled negatives
 * @param fullHitRate HR@10 among the whole catalogue
 * @param fullNdcg NDCG@10 among the whole catalogue
 * @param overPopularity sampled HR@10 less that of item popularity, paired by user
 * @param chosen what each seed chose on validation, in the order of the seeds; empty texts if
 *     nothing
 */
public record QualityRow(
    Contender contender,
    Figure sampledHitRate,
    Figure sampledNdcg,
    Figure fullHitRate,
    Figure fullNdcg,
    Figure overPopularity,
    List<String> chosen) {

  public QualityRow {
    chosen = List.copyOf(chosen);
  }

  /**
   * A number and its two errors.
   *
   * @param mean of the seeds' means over users
   * @param errorOverUsers standard error of one seed's mean: the root of the mean square over seeds
   * @param errorOverSeeds standard error of the mean of the seeds' means; empty with one seed
   */
  public record Figure(double mean, double errorOverUsers, Optional<Double> errorOverSeeds) {

    static Figure of(List<Estimate> seeds) {
      double[] means = seeds.stream().mapToDouble(Estimate::mean).toArray();
      double squares =
          seeds.stream().mapToDouble(seed -> seed.standardError() * seed.standardError()).sum();
      double overUsers = Math.sqrt(squares / means.length);
      if (means.length == 1) {
        return new Figure(means[0], overUsers, Optional.empty());
      }
      Estimate all = Estimate.of(means);
      return new Figure(all.mean(), overUsers, Optional.of(all.standardError()));
    }
  }

  static QualityRow of(Contender contender, List<CellResult> cells) {
    List<CellResult> own = of(cells, contender);
    List<CellResult> popularity = of(cells, Contender.POPULARITY);
    return new QualityRow(
        contender,
        figure(own, cell -> cell.sampled().hitRate()),
        figure(own, cell -> cell.sampled().ndcg()),
        figure(own, cell -> cell.full().hitRate()),
        figure(own, cell -> cell.full().ndcg()),
        figure(own, cell -> cell.sampled().hitRateOver(sameSeed(popularity, cell))),
        own.stream().map(CellResult::chosen).toList());
  }

  private static List<CellResult> of(List<CellResult> cells, Contender contender) {
    return cells.stream().filter(cell -> cell.contender() == contender).toList();
  }

  private static RankingResult sameSeed(List<CellResult> cells, CellResult other) {
    return cells.stream()
        .filter(cell -> cell.seed() == other.seed())
        .findFirst()
        .orElseThrow()
        .sampled();
  }

  private static Figure figure(List<CellResult> cells, Function<CellResult, Estimate> estimate) {
    return Figure.of(cells.stream().map(estimate).toList());
  }
}
