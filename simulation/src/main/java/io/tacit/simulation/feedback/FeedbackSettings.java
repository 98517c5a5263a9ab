package io.tacit.simulation.feedback;

/**
 * What is simulated.
 *
 * @param devices people, each with one, 10 to 10 000
 * @param days of the loop, 2 to 20
 * @param rounds of training, spread over the days, 1 to 10 000
 * @param cohort devices in a round, 1 to all of them
 * @param shuffled whether people exchange their preferences every night: nothing personal can be
 *     learnt then
 * @param seed of everything random
 */
public record FeedbackSettings(
    int devices, int days, int rounds, int cohort, boolean shuffled, long seed) {

  /** Items that there are. */
  public static final int ITEMS = 300;

  /** Items that a person is shown on a day. */
  public static final int SHOWN = 5;

  /** Clicks of a person before the first day, on items that were shown at random. */
  static final int CLICKS_BEFORE = 8;

  public FeedbackSettings {
    require("--devices", devices, 10, 10_000);
    // More days would leave nothing that a person has not seen.
    require("--days", days, 2, 20);
    require("--rounds", rounds, 1, 10_000);
    require("--cohort", cohort, 1, devices);
  }

  /** Rounds that have been run when so many days are over. */
  int roundsUntil(int day) {
    return (int) ((long) rounds * day / days);
  }

  private static void require(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + ", must be " + min + " to " + max);
    }
  }
}
