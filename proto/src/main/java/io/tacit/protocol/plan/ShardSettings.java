package io.tacit.protocol.plan;

import io.tacit.protocol.masking.SurvivorFloor;

/**
 * How a cohort is split for secure aggregation: each shard is a session of its own, whose sum alone
 * the coordinator learns; the sums are added.
 *
 * @param size devices in one shard at the most, 10 to 128
 * @param minimum a shard with fewer is given up, 10 to size
 * @param suite how devices agree on keys
 * @param survivorsPercent share of a roster that must be in its sum, else the shard is given up and
 *     no device helps to unmask it: {@value SurvivorFloor#PERCENT_MIN} to 100; 0 for the threshold
 *     of secure aggregation
 */
public record ShardSettings(int size, int minimum, SuiteChoice suite, int survivorsPercent) {

  /** Below this, a sum says too much of each in it; no plan and no app can allow less. */
  public static final int MINIMUM_FLOOR = 10;

  /** Everyone of a shard shares secrets with everyone: cost grows with the square. */
  public static final int SIZE_MAX = 128;

  /** What plans use that say nothing. */
  public static final ShardSettings DEFAULT = new ShardSettings(64, 32, SuiteChoice.AUTO);

  /** Which keys devices agree with. */
  public enum SuiteChoice {
    /** HYBRID where its bytes weigh little beside the update or shards are small, else CLASSIC. */
    AUTO,
    /** X25519. */
    CLASSIC,
    /** X25519 and ML-KEM-768: recorded traffic stays closed if one of them falls. */
    HYBRID
  }

  public ShardSettings {
    Fields.within("aggregation.shards.size", size, MINIMUM_FLOOR, SIZE_MAX, "32 or 64 are usual");
    Fields.within(
        "aggregation.shards.minimum",
        minimum,
        MINIMUM_FLOOR,
        size,
        "it may not be above aggregation.shards.size; lower it or raise that");
    if (survivorsPercent != 0) {
      Fields.within(
          "aggregation.shards.survivors-percent",
          survivorsPercent,
          SurvivorFloor.PERCENT_MIN,
          SurvivorFloor.PERCENT_MAX,
          "leave it out for the two thirds that secure aggregation takes in any case");
    }
  }

  /** Shards in which no more must remain than secure aggregation takes. */
  public ShardSettings(int size, int minimum, SuiteChoice suite) {
    this(size, minimum, suite, 0);
  }

  /** How many of a roster must be in its sum. */
  public SurvivorFloor survivors() {
    return new SurvivorFloor(survivorsPercent);
  }

  /** Shards that a cohort of so many devices is split into. */
  public int count(int cohort) {
    return (cohort + size - 1) / size;
  }

  /** Seats of the largest of them: the cohort is split evenly. */
  public int largest(int cohort) {
    int count = count(cohort);
    return (cohort + count - 1) / count;
  }
}
