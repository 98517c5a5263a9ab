package io.tacit.protocol.masking;

/**
 * How many devices of a roster must be in its sum, or nobody signs for it and nothing is unmasked:
 * as many as it takes to find a secret, or a share of the roster that is above that.
 *
 * <p>Guarantee: devices and coordinator compute it alike, in whole numbers, from the plan and the
 * size of the roster. It is never below {@link SessionTranscript#threshold}. Immutable.
 *
 * @param percent of the roster, rounded up to whole devices: {@value #PERCENT_MIN} to {@value
 *     #PERCENT_MAX}; 0 for the threshold alone
 */
public record SurvivorFloor(int percent) {

  /** A smaller share is below the threshold of every roster: it would say nothing. */
  public static final int PERCENT_MIN = 67;

  /** All of them. */
  public static final int PERCENT_MAX = 100;

  /** As many as it takes to find a secret, and no more. */
  public static final SurvivorFloor THRESHOLD = new SurvivorFloor(0);

  public SurvivorFloor {
    if (percent != 0 && (percent < PERCENT_MIN || percent > PERCENT_MAX)) {
      throw new IllegalArgumentException(
          "share of a roster that must be in its sum is "
              + percent
              + " percent, must be "
              + PERCENT_MIN
              + " to "
              + PERCENT_MAX
              + ", or 0 for the two thirds that secure aggregation takes in any case; with 90 a"
              + " tenth may vanish");
    }
  }

  /**
   * Devices that must be in the sum of a roster.
   *
   * @param members n, 1 to {@link MemberSet#ROSTER_SIZE_MAX}
   * @return from the threshold of n to n
   */
  public int of(int members) {
    int share = (members * percent + PERCENT_MAX - 1) / PERCENT_MAX;
    return Math.max(SessionTranscript.threshold(members), share);
  }
}
