package io.tacit.protocol.privacy;

import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.SurvivorFloor;

/**
 * On whose noise a plan of distributed noise counts: of everyone whose update is in a sum, only
 * those who follow the protocol surely added theirs.
 *
 * @param shardMinimum devices on the roster of the smallest shard that a device agrees to, 10 to
 *     shardSize
 * @param shardSize devices on the roster of the largest shard, up to 128
 * @param shardsMinimum shards that must complete or no model is published, 1 to 2 000
 * @param dishonest how many on a roster may not follow the protocol
 * @param survivors how many of a roster must be in its sum: no device signs for fewer
 */
public record HonestShare(
    int shardMinimum,
    int shardSize,
    int shardsMinimum,
    Dishonest dishonest,
    SurvivorFloor survivors) {

  private static final int SHARD_FLOOR = 10;
  private static final int SHARD_CEILING = 128;
  private static final int SHARDS_MAX = 2_000;

  /** How many on a roster of n may skip their noise and tell it to others. */
  public enum Dishonest {
    /** A tenth, ⌊n/10⌋. */
    TENTH,
    /** As many as the masks withstand, 2t - n - 1 for the threshold t: about a third. */
    THRESHOLD
  }

  public HonestShare {
    if (shardSize < SHARD_FLOOR || shardSize > SHARD_CEILING) {
      throw new IllegalArgumentException(
          "devices in the largest shard are "
              + shardSize
              + ", must be 10 to 128; 32 or 64 are usual");
    }
    if (shardMinimum < SHARD_FLOOR || shardMinimum > shardSize) {
      throw new IllegalArgumentException(
          "devices in the smallest shard are "
              + shardMinimum
              + ", must be 10 to the "
              + shardSize
              + " of the largest; lower it or raise that");
    }
    if (shardsMinimum < 1 || shardsMinimum > SHARDS_MAX) {
      throw new IllegalArgumentException(
          "shards that must complete are "
              + shardsMinimum
              + ", must be 1 to 2000; with 1 a model counts on the noise of one shard");
    }
  }

  /** Where no more of a roster must be in its sum than it takes to find a secret. */
  public HonestShare(int shardMinimum, int shardSize, int shardsMinimum, Dishonest dishonest) {
    this(shardMinimum, shardSize, shardsMinimum, dishonest, SurvivorFloor.THRESHOLD);
  }

  /** Devices of one shard whose noise is counted on, h_s. */
  public int perShard() {
    int least = Integer.MAX_VALUE;
    // Not simply the smallest shard: of 39 devices 24 remain, of 40 only 23.
    for (int n = shardMinimum; n <= shardSize; n++) {
      least = Math.min(least, remaining(n));
    }
    return least;
  }

  /** Of a roster of n so many remain, and the dishonest may all be among them. */
  private int remaining(int n) {
    return survivors.of(n)
        - switch (dishonest) {
          case TENTH -> n / 10;
          case THRESHOLD -> SessionTranscript.colludersTolerated(n);
        };
  }

  /** Devices whose noise a published model has at the least, h. */
  public int total() {
    return perShard() * shardsMinimum;
  }
}
