package io.tacit.protocol.plan;

import java.time.Duration;

/**
 * How long a round waits, and for what.
 *
 * @param train from the first assignment of a round until its last check-in; by then the roster
 *     freezes, or the round is abandoned for want of devices; 1 s to 24 h
 * @param advertise how long a roster that has its minimum waits for more, from the first device
 *     that joins, 1 s to 5 min
 * @param input from the frozen roster until the inputs freeze, 1 s to 1 h
 */
public record DeadlineSettings(Duration train, Duration advertise, Duration input) {

  public DeadlineSettings {
    within("deadlines.train", train, Duration.ofHours(24), "5 minutes are usual");
    within("deadlines.advertise", advertise, Duration.ofMinutes(5), "30 seconds are usual");
    within("deadlines.input", input, Duration.ofHours(1), "60 seconds are usual");
  }

  private static void within(String field, Duration value, Duration max, String remedy) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(max) > 0) {
      throw new InvalidPlanException(
          field, value.toMillis() + "ms", "1000ms to " + max.toMillis() + "ms", remedy);
    }
  }
}
