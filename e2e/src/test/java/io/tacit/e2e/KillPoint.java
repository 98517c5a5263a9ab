package io.tacit.e2e;

import io.tacit.e2e.app.ShopApp;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * When to kill an app: so long after it printed a line. A quarter of them begin with the process,
 * so that any moment may be hit; the rest begin with a step, so that short ones are hit too.
 *
 * @param line how the line begins
 * @param delay from then on
 */
record KillPoint(String line, Duration delay) {

  private static final int LIFE_MICROS_MAX = 2_500_000;
  private static final int STEP_MICROS_MAX = 40_000;

  private static final List<String> STEPS =
      List.of(
          "opened",
          "recorded",
          "step TRAINING",
          "step WAITING",
          "step SENDING",
          "step SENT",
          "result",
          "model");

  /**
   * @param first number of the first event that the app records
   */
  static KillPoint draw(Random random, long first) {
    if (random.nextInt(4) == 0) {
      return new KillPoint("", micros(random, LIFE_MICROS_MAX));
    }
    String step = STEPS.get(random.nextInt(STEPS.size()));
    Duration delay = micros(random, STEP_MICROS_MAX);
    return step.equals("recorded")
        ? new KillPoint(step + " " + (first + random.nextInt(ShopApp.EVENTS_BEFORE)), delay)
        : new KillPoint(step, delay);
  }

  /** Every fourth without any delay: what follows a step at once is the most delicate. */
  private static Duration micros(Random random, int bound) {
    int micros = random.nextInt(bound);
    return Duration.ofNanos(random.nextInt(4) == 0 ? 0 : micros * 1_000L);
  }
}
