package io.tacit.protocol.privacy;

import java.util.Locale;

/**
 * (ε, δ): what is learnt about one device, whatever else is known: taking part multiplies the
 * probability of any outcome by at most e^ε, outcomes of a total probability of δ left out.
 *
 * @param epsilon 0 or more; infinite if nothing is guaranteed
 * @param delta in (0, 1)
 * @param order the Rényi order that gave the smallest epsilon
 */
public record PrivacyBound(double epsilon, double delta, double order) {

  /** Nothing is guaranteed. */
  static PrivacyBound none(double delta) {
    return new PrivacyBound(Double.POSITIVE_INFINITY, delta, Double.POSITIVE_INFINITY);
  }

  /** For people: epsilon rounded up, so that it never looks better than it is. */
  @Override
  public String toString() {
    String number =
        Double.isInfinite(epsilon)
            ? "unbounded"
            : String.format(Locale.ROOT, "%.2f", Math.ceil(epsilon * 100) / 100);
    return "epsilon " + number + " at delta " + delta;
  }
}
