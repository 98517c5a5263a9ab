package io.tacit.coordinator.rounds;

import io.tacit.coordinator.database.Database;
import java.util.List;
import java.util.function.Function;

/**
 * The noise in all metrics that a database keeps, also of groups that are never shown.
 *
 * @param figures how many there are: three of each group and round
 * @param spread mean square of their errors over the variance that is claimed; about 1
 */
record KeptNoise(int figures, double spread) {

  private record Kept(String group, List<Double> figures, double variance) {}

  /**
   * @param truth devices, first and second sum of a group, the same in all rounds
   */
  static KeptNoise in(Database database, Function<String, List<Double>> truth) {
    List<Kept> rows =
        database.inTransaction(
            transaction ->
                transaction.list(
                    row ->
                        new Kept(
                            row.text("device_group"),
                            List.of(
                                row.number("devices"),
                                row.number("first_total"),
                                row.number("second_total")),
                            row.number("noise_variance")),
                    "select device_group, devices, first_total, second_total, noise_variance"
                        + " from group_metric"));
    int figures = 0;
    double squares = 0;
    for (Kept row : rows) {
      for (int i = 0; i < row.figures().size(); i++) {
        double error = row.figures().get(i) - truth.apply(row.group()).get(i);
        squares += error * error / row.variance();
        figures++;
      }
    }
    return new KeptNoise(figures, squares / figures);
  }
}
