package io.tacit.protocol.plan;

/**
 * How updates become a sum.
 *
 * @param mode the protocol
 * @param development whether the model owner declares this plan to be for development only, which
 *     mode PLAIN demands
 * @param weighting how much one device counts
 * @param weightExamplesMax with EXAMPLES, a device of n examples counts {@code min(n, this) /
 *     this}; 1 to 1 000 000
 * @param shards how the cohort is split in mode SECURE; in PLAIN nothing is
 */
public record AggregationSettings(
    Mode mode,
    boolean development,
    Weighting weighting,
    int weightExamplesMax,
    ShardSettings shards) {

  /** The aggregation protocol. */
  public enum Mode {
    /** Updates travel unmasked and the coordinator sees each. For development only. */
    PLAIN,
    /** Updates travel masked, SA-1: the coordinator learns the sum of each shard. */
    SECURE
  }

  /** How much one device counts in the mean. */
  public enum Weighting {
    /** Every device the same. */
    UNIFORM,
    /** By its number of examples, up to a bound. */
    EXAMPLES
  }

  public AggregationSettings {
    if (mode == Mode.PLAIN && !development) {
      throw new InvalidPlanException(
          "aggregation.development",
          development,
          "true with mode plain, in which the coordinator sees every single update",
          "declare the plan to be for development");
    }
    Fields.within(
        "aggregation.weight-examples-max", weightExamplesMax, 1, 1_000_000, "100 is usual");
  }

  /** A mode with the usual shards. */
  public AggregationSettings(
      Mode mode, boolean development, Weighting weighting, int weightExamplesMax) {
    this(mode, development, weighting, weightExamplesMax, ShardSettings.DEFAULT);
  }

  /** Secure aggregation over such shards, each device counting the same. */
  public static AggregationSettings secure(ShardSettings shards) {
    return new AggregationSettings(Mode.SECURE, false, Weighting.UNIFORM, 100, shards);
  }

  /** The weight a_k in (0, 1] of a device with so many examples. */
  public double weight(int examples) {
    return switch (weighting) {
      case UNIFORM -> 1;
      case EXAMPLES -> (double) Math.min(examples, weightExamplesMax) / weightExamplesMax;
    };
  }
}
