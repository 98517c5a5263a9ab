package io.tacit.protocol.plan;

import java.time.Duration;

/**
 * How long a round waits, and for what.
 *
 * @param train from the first assignment of a round until its last check-in; by then the roster
 *     freezes, or the round is abandoned for want of devices; 1 s to 24 h
 * @param advertise how long a roster that has its minimum waits for more, from the first device
 *     that joins, 1 s to 5 min
 * @param input until the inputs freeze, from the frozen roster or, with secure aggregation, from
 *     the frozen shares; 1 s to 1 h
 * @param shareKeys from the frozen roster until the shares freeze, 1 s to 5 min
 * @param consistency from the frozen inputs until enough have signed whose they are, 1 s to 5 min
 * @param unmask from then until enough have revealed their shares, 1 s to 5 min
 */
public record DeadlineSettings(
    Duration train,
    Duration advertise,
    Duration input,
    Duration shareKeys,
    Duration consistency,
    Duration unmask) {

  /** What plans use that say nothing of the stages of secure aggregation. */
  public static final Duration SECURE_STAGE_DEFAULT = Duration.ofSeconds(30);

  private static final Duration STAGE_MAX = Duration.ofMinutes(5);

  /** The stages of secure aggregation at their defaults. */
  public DeadlineSettings(Duration train, Duration advertise, Duration input) {
    this(train, advertise, input, SECURE_STAGE_DEFAULT, SECURE_STAGE_DEFAULT, SECURE_STAGE_DEFAULT);
  }

  public DeadlineSettings {
    within("deadlines.share-keys", shareKeys, STAGE_MAX, "30 seconds are usual");
    within("deadlines.consistency", consistency, STAGE_MAX, "30 seconds are usual");
    within("deadlines.unmask", unmask, STAGE_MAX, "30 seconds are usual");
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
