package io.tacit.client.model;

import io.tacit.protocol.model.SplitMix64;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a user likes, {@code float[dimension]}: the private half of a model of items. It is computed
 * on the device and has no wire form. Immutable.
 */
public final class UserVector {

  /** Standard deviation of the elements of a new vector, as of the item embeddings. */
  private static final double INITIAL_DEVIATION = 0.1;

  private final float[] values;

  private UserVector(float[] values) {
    this.values = values;
  }

  /** A user of whom nothing is known yet: normal with mean 0 and standard deviation 0.1. */
  public static UserVector initial(int dimension, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) (INITIAL_DEVIATION * random.nextGaussian());
    }
    return new UserVector(values);
  }

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if one is NaN or infinite
   */
  public static UserVector copyOf(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "element " + i + " of the user vector is not finite; start from a new vector");
      }
    }
    return new UserVector(values.clone());
  }

  /** Number of elements. */
  public int dimension() {
    return values.length;
  }

  /** A copy of the elements. */
  public float[] toArray() {
    return values.clone();
  }

  /** The elements themselves, for the loops of this package, which do not write to them. */
  float[] elements() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserVector && Arrays.equals(values, ((UserVector) other).values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Prints the length only: the elements are private. */
  @Override
  public String toString() {
    return "UserVector[" + values.length + "]";
  }
}
