package io.tacit.client.rounds;

import io.tacit.client.policy.ClientPolicy;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Optional;

/** Holds plans against what the app allows. */
final class PolicyCheck {

  /**
   * Bytes of heap per parameter while a device trains and sends, with dense Adam, the most
   * demanding: start, model, gradient, two moments, difference, encoded update and its bytes.
   */
  private static final int BYTES_PER_PARAMETER = 8 * Float.BYTES;

  private PolicyCheck() {}

  /**
   * Why work is declined.
   *
   * @param reason for code
   * @param detail for people
   */
  record Objection(DeclineReason reason, String detail) {}

  /**
   * What in the plan the app does not allow, if anything.
   *
   * @param hasAuthority whether the app pins who says what a device is
   */
  static Optional<Objection> objectionTo(
      TrainingPlan plan, ClientPolicy policy, boolean hasAuthority) {
    if (plan.aggregation().mode() == AggregationSettings.Mode.PLAIN
        && !(policy.isDevelopment() && plan.aggregation().development())) {
      return objection(
          DeclineReason.POLICY_PLAIN,
          plan,
          "sends updates in the clear (aggregation mode plain), which this app's policy"
              + " does not allow; use ClientPolicy.development() in development only");
    }
    if (plan.suite().isSecure() && !hasAuthority && !policy.isDevelopment()) {
      return objection(
          DeclineReason.POLICY_NO_AUTHORITY,
          plan,
          "adds up the updates of devices that its coordinator can make up, as this app pins no"
              + " authority that certifies devices; give the client an enrolment, or use"
              + " ClientPolicy.development() in development only");
    }
    if (plan.client().clipNorm() > policy.clipNormMax()) {
      return objection(
          DeclineReason.POLICY_CLIP_NORM,
          plan,
          "has clip norm "
              + plan.client().clipNorm()
              + ", this app allows at most "
              + policy.clipNormMax());
    }
    if (plan.sessionMinimum() < policy.cohortMinimum()) {
      return objection(
          DeclineReason.POLICY_COHORT_TOO_SMALL,
          plan,
          "takes sums of "
              + plan.sessionMinimum()
              + " devices, this app asks for at least "
              + policy.cohortMinimum());
    }
    long bytes = (long) plan.parameters() * BYTES_PER_PARAMETER;
    if (bytes > policy.trainingBytesMax()) {
      return objection(
          DeclineReason.POLICY_MEMORY,
          plan,
          "has "
              + plan.parameters()
              + " parameters, which take "
              + bytes
              + " bytes to train, this app allows "
              + policy.trainingBytesMax());
    }
    return Optional.empty();
  }

  private static Optional<Objection> objection(
      DeclineReason reason, TrainingPlan plan, String what) {
    return Optional.of(new Objection(reason, "plan " + plan.id() + " " + what));
  }
}
