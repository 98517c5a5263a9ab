package io.tacit.coordinator.release;

import io.tacit.coordinator.metrics.MetricLedger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is against a version, by the rule of its plan, and what to do about it. A round measures one
 * version once: after it nothing more comes, and to wait for it would be in vain.
 *
 * @param rule of the plan
 * @param isNewest whether the round that measures the version is still to come
 */
record Objections(GuardRule rule, boolean isNewest) {

  /** Half of the width of a one-sided interval that holds 95 %, in standard errors. */
  private static final double SURE = 1.645;

  private static final String MORE_DEVICES =
      "hold more devices back (evaluation.metrics.held-back-share), take larger cohorts"
          + " (cohort.size), or, where participations are capped, raise"
          + " evaluation.metrics.release.versions";

  /** What is against a version, by what was measured of it and of the released one. */
  Candidate.@Nullable Objection of(@Nullable Findings findings, @Nullable Findings released) {
    if (!rule.holdsBack()) {
      return new Candidate.Objection(
          Candidate.Reason.TOO_FEW_DEVICES,
          "the plan holds nobody back to measure versions, as its"
              + " evaluation.metrics.held-back-share is 0; raise it, or release by hand");
    } else if (findings == null
        || released == null
        || Math.min(findings.devices(), released.devices()) < rule.devicesMinimum()) {
      return tooFew(findings, released);
    }
    double difference = findings.mean() - released.mean();
    double error = Math.sqrt(findings.errorSquared() + released.errorSquared());
    if (difference < -rule.bound()) {
      return new Candidate.Objection(
          Candidate.Reason.WORSE,
          figures(difference, error) + ", may be at most " + rule.bound() + " below 0; train on");
    }
    return difference - SURE * error < -rule.bound() ? uncertain(difference, error) : null;
  }

  private Candidate.Objection tooFew(@Nullable Findings findings, @Nullable Findings released) {
    return new Candidate.Objection(
        Candidate.Reason.TOO_FEW_DEVICES,
        devices(findings)
            + " held-back devices have measured it and "
            + devices(released)
            + " the released version, must be at least "
            + rule.devicesMinimum()
            + " each; "
            + moreOf(released));
  }

  private String moreOf(@Nullable Findings released) {
    if (rule.source() == MetricLedger.Source.REPORTS) {
      return "wait for more";
    } else if (released == null || released.devices() < rule.devicesMinimum()) {
      return "the rounds that measured the released version are over: release a version by hand,"
          + " lower evaluation.metrics.release.devices-minimum, or raise"
          + " evaluation.metrics.release.versions";
    }
    return isNewest
        ? "the round that starts from it measures it: wait until that is over"
        : "its round is over: wait for a newer version's turn, " + MORE_DEVICES;
  }

  private Candidate.Objection uncertain(double difference, double error) {
    return new Candidate.Objection(
        Candidate.Reason.UNCERTAIN,
        figures(difference, error)
            + ", so that it may be more than "
            + rule.bound()
            + " below 0; "
            + (rule.source() == MetricLedger.Source.REPORTS
                ? "let more devices measure it"
                : "its round is over: wait for a newer version's turn, " + MORE_DEVICES));
  }

  /** For people; with noise it is an estimate. */
  private static long devices(@Nullable Findings findings) {
    return findings == null ? 0 : Math.round(findings.devices());
  }

  private static String figures(double difference, double error) {
    return String.format(
        Locale.ROOT,
        "its mean is %+.4f against the released version, standard error %.4f",
        difference,
        error);
  }
}
