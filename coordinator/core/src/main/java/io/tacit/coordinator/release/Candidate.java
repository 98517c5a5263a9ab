package io.tacit.coordinator.release;

import io.tacit.coordinator.metrics.MetricSums;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model version that is newer than the released one, and what the guard says of it.
 *
 * @param version of the model
 * @param sums what held-back devices measured of it, and of as many versions before it as the
 *     plan's rule takes together with it; null if nothing came
 * @param released the same of the released version
 * @param objection why it is not proposed; null if nothing is against it
 */
public record Candidate(
    int version,
    @Nullable MetricSums sums,
    @Nullable MetricSums released,
    @Nullable Objection objection) {

  /** Half of the width of a one-sided interval that holds 95 %, in standard errors. */
  private static final double SURE = 1.645;

  /** Why a version is not proposed. */
  public enum Reason {
    /** Nothing is released yet that it could be compared with. */
    NOTHING_RELEASED,
    /** Devices have it, or a newer one. */
    NOT_NEWER,
    /** Too few held-back devices have measured it, or the released one. */
    TOO_FEW_DEVICES,
    /** It is worse than the released one by more than the bound. */
    WORSE,
    /** It may be worse by more than the bound; more devices would tell. */
    UNCERTAIN
  }

  /**
   * Why a version is not proposed.
   *
   * @param reason for code
   * @param detail for people: figures, and what to do
   */
  public record Objection(Reason reason, String detail) {}

  /** How much better than the released version a device finds it on average; empty if not known. */
  public Optional<Double> difference() {
    return sums == null || released == null
        ? Optional.empty()
        : Optional.of(sums.mean() - released.mean());
  }

  /**
   * The standard error of the difference, as if other devices had measured either version; empty if
   * not known. Sums do not say which device brought which value, so that the same devices do not
   * bring it down; it errs on the side of caution where devices agree on the two versions.
   */
  public Optional<Double> standardError() {
    return sums == null || released == null
        ? Optional.empty()
        : Optional.of(Math.sqrt(sums.errorSquared() + released.errorSquared()));
  }

  /** What is against a version that was measured, by a rule. */
  static @Nullable Objection objection(
      @Nullable MetricSums sums, @Nullable MetricSums released, GuardRule rule) {
    if (sums == null
        || released == null
        || Math.min(sums.devices(), released.devices()) < rule.devicesMinimum()) {
      return new Objection(
          Reason.TOO_FEW_DEVICES,
          devices(sums)
              + " held-back devices have measured it and "
              + devices(released)
              + " the released version, must be at least "
              + rule.devicesMinimum()
              + " each; wait for more");
    }
    double difference = sums.mean() - released.mean();
    double error = Math.sqrt(sums.errorSquared() + released.errorSquared());
    if (difference < -rule.bound()) {
      return new Objection(
          Reason.WORSE,
          figures(difference, error) + ", may be at most " + rule.bound() + " below 0; train on");
    }
    if (difference - SURE * error < -rule.bound()) {
      return new Objection(
          Reason.UNCERTAIN,
          figures(difference, error)
              + ", so that it may be more than "
              + rule.bound()
              + " below 0; let more devices measure it");
    }
    return null;
  }

  /** For people; with noise it is an estimate. */
  private static long devices(@Nullable MetricSums sums) {
    return sums == null ? 0 : Math.round(sums.devices());
  }

  private static String figures(double difference, double error) {
    return String.format(
        Locale.ROOT,
        "its mean is %+.4f against the released version, standard error %.4f",
        difference,
        error);
  }
}
