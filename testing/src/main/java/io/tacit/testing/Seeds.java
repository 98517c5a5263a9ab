package io.tacit.testing;

import java.util.stream.LongStream;

/**
 * The seeds of seeded tests. A failing case names its seed (as the argument of a parameterised
 * test); {@code -Dtacit.seed=N} then runs that seed alone.
 *
 * <pre>{@code
 * static LongStream seeds() {
 *   return Seeds.upTo(50);
 * }
 *
 * @ParameterizedTest(name = "seed {0}")
 * @MethodSource("seeds")
 * void decodes_what_it_encoded(long seed) { ... }
 * }</pre>
 */
public final class Seeds {

  /** The system property that replaces all seeds by one. */
  public static final String PROPERTY = "tacit.seed";

  private Seeds() {}

  /**
   * The seeds 1 to count, or the one of {@value #PROPERTY}.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if the property is no integer of 64 bits
   */
  public static LongStream upTo(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + ", must be at least 1");
    }
    String given = System.getProperty(PROPERTY);
    if (given == null) {
      return LongStream.rangeClosed(1, count);
    }
    try {
      return LongStream.of(Long.parseLong(given));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          PROPERTY + " is \"" + given + "\", must be an integer of 64 bits", e);
    }
  }
}
