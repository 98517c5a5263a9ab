package io.tacit.simulation.data;

/**
 * How much synthetic data to make. The same settings give the same data.
 *
 * @param users 2 to 100,000
 * @param items 300 to 10,000, so that evaluation finds enough items that a user never touched
 * @param seed of everything random
 */
public record SyntheticSettings(int users, int items, long seed) {

  private static final int USERS_MIN = 2;
  private static final int USERS_MAX = 100_000;
  private static final int ITEMS_MIN = 300;
  private static final int ITEMS_MAX = 10_000;
  private static final int ITEMS_DEFAULT = 400;

  public SyntheticSettings {
    check("users", users, USERS_MIN, USERS_MAX);
    check("items", items, ITEMS_MIN, ITEMS_MAX);
  }

  /** That many users of a catalogue of 400 items. */
  public static SyntheticSettings of(int users, long seed) {
    return new SyntheticSettings(users, ITEMS_DEFAULT, seed);
  }

  private static void check(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "synthetic data has " + value + " " + what + ", must be " + min + " to " + max);
    }
  }
}
