package io.tacit.client.behaviour;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finite numbers that the app has made of something. Immutable; {@code toString} prints no data.
 */
public final class EventVector {

  private final float[] elements;

  private EventVector(float[] elements) {
    this.elements = elements;
  }

  /**
   * A copy of these elements.
   *
   * @param attribute for the message if they are refused
   * @throws IllegalArgumentException if there are none or too many, or if one is not finite
   */
  public static EventVector of(String attribute, float[] elements) {
    if (elements.length < 1 || elements.length > BehaviourEvent.VECTOR_ELEMENTS_MAX) {
      throw new IllegalArgumentException(
          "attribute "
              + attribute
              + " has "
              + elements.length
              + " elements, must have 1 to "
              + BehaviourEvent.VECTOR_ELEMENTS_MAX
              + "; use an embedding of a lower dimension");
    }
    for (int i = 0; i < elements.length; i++) {
      if (!Float.isFinite(elements[i])) {
        throw new IllegalArgumentException(
            "element " + i + " of attribute " + attribute + " is not finite; leave the vector out");
      }
    }
    return new EventVector(elements.clone());
  }

  /** How many elements it has. */
  public int dimension() {
    return elements.length;
  }

  /** An element, from 0. */
  public float get(int index) {
    return elements[index];
  }

  /** All elements; a copy. */
  public float[] toArray() {
    return elements.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventVector that && Arrays.equals(elements, that.elements);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(elements);
  }

  @Override
  public String toString() {
    return "EventVector[" + elements.length + "]";
  }
}
