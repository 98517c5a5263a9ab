package io.tacit.simulation.feedback;

import io.tacit.simulation.evaluation.Estimate;
import java.util.List;

/**
 * How a loop went.
 *
 * @param days click rates of each day, from the first
 * @param judgedDays the last so many days, which the estimates are over
 * @param overPopularity mean over people of: click rate of the federated model in the judged days
 *     less that of popularity; paired by person
 * @param rise the same of: click rate of the federated model in the judged days less that in as
 *     many first days
 */
public record FeedbackResult(
    List<Day> days, int judgedDays, Estimate overPopularity, Estimate rise) {

  public FeedbackResult {
    days = List.copyOf(days);
  }

  /**
   * Share of the shown items that were clicked on a day.
   *
   * @param day from 1
   * @param rounds of training before it
   * @param federated what devices recommend with the model of that morning
   * @param popularity what is clicked most by all
   * @param random any items
   * @param omniscient what each person likes most
   */
  public record Day(
      int day, int rounds, double federated, double popularity, double random, double omniscient) {}
}
