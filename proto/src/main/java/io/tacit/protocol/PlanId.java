package io.tacit.protocol;

/**
 * Names a training plan across its versions.
 *
 * @param value 1 to 64 characters of a-z 0-9 and - . _ , the first a letter or digit; safe as a
 *     file name
 */
public record PlanId(String value) implements Comparable<PlanId> {

  public PlanId {
    Names.check("plan id", value);
  }

  @Override
  public int compareTo(PlanId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
