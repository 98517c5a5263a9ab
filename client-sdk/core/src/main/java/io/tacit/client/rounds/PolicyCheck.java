package io.tacit.client.rounds;

import io.tacit.client.ledger.PrivacyTotals;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.Charge;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.Spending;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Holds plans against what the app allows, and against what was spent. */
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

  /**
   * What speaks against one more participation, after all that the latch has counted, if anything:
   * the plan's own cap, or what the app allows over all plans.
   */
  static Optional<Objection> objectionToSpending(
      TrainingPlan plan, ClientPolicy policy, RoundLatch latch) throws IOException {
    if (plan.privacy() instanceof PrivacySettings.Noise noise
        && latch.participations(plan.id()) >= noise.participationsMax()) {
      return objection(
          DeclineReason.LEDGER_EXHAUSTED,
          plan,
          "caps the participations of a device at "
              + noise.participationsMax()
              + ", this device's count is "
              + latch.participations(plan.id()));
    }
    if (!policy.hasEpsilonMax()) {
      return Optional.empty();
    }
    List<Spending> spent = latch.spent();
    spent.add(new Spending(Charge.of(plan), 1, 0, 0));
    PrivacyTotals then = PrivacyTotals.of(spent);
    boolean isWithin =
        then.epsilonModels() <= policy.epsilonModelsMax()
            && then.epsilonCoordinator() <= policy.epsilonCoordinatorMax();
    return isWithin
        ? Optional.empty()
        : objection(
            DeclineReason.LEDGER_EXHAUSTED,
            plan,
            "would bring this device, over all plans, to epsilon "
                + words(then.epsilonModels())
                + " against whoever sees the models and "
                + words(then.epsilonCoordinator())
                + " against the coordinator, at delta "
                + then.delta()
                + "; this app allows "
                + words(policy.epsilonModelsMax())
                + " and "
                + words(policy.epsilonCoordinatorMax()));
  }

  /** Rounded up, so that what is too much does not look as if it were allowed. */
  private static String words(double epsilon) {
    return Double.isInfinite(epsilon)
        ? "without bound"
        : String.format(Locale.ROOT, "%.2f", Math.ceil(epsilon * 100) / 100);
  }

  private static Optional<Objection> objection(
      DeclineReason reason, TrainingPlan plan, String what) {
    return Optional.of(new Objection(reason, "plan " + plan.id() + " " + what));
  }
}
