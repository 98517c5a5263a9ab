package io.tacit.simulation.evaluation;

import java.util.SplittableRandom;

/**
 * A random stream per seed, purpose and user, so that one user's numbers depend neither on other
 * users nor on the order in which threads reach them.
 */
public final class UserRandom {

  private UserRandom() {}

  /**
   * The stream of one user.
   *
   * @param purpose keeps apart what would otherwise share numbers, such as {@code "negatives"}
   */
  public static SplittableRandom of(long seed, String purpose, int user) {
    SplittableRandom ofPurpose = new SplittableRandom(seed ^ ((long) purpose.hashCode() << 32));
    return new SplittableRandom(ofPurpose.nextLong() + 0x9E3779B97F4A7C15L * user).split();
  }
}
