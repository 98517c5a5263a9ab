package io.tacit.client.rounds;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Optional;

/**
 * What an app allows to happen with its users' updates, whatever a coordinator asks for.
 *
 * <p>Guarantee: work outside these bounds is declined before anything is trained or sent.
 * Immutable.
 */
public final class ClientPolicy {

  private static final double CLIP_NORM_MAX = 10_000;

  private final boolean development;
  private final double clipNormMax;
  private final int cohortMinimum;

  private ClientPolicy(boolean development, double clipNormMax, int cohortMinimum) {
    this.development = development;
    this.clipNormMax = clipNormMax;
    this.cohortMinimum = cohortMinimum;
  }

  /** For apps in people's hands: updates never travel in the clear. */
  public static ClientPolicy production() {
    return new ClientPolicy(false, CLIP_NORM_MAX, 1);
  }

  /** For development and simulations: allows mode PLAIN, in which the coordinator sees updates. */
  public static ClientPolicy development() {
    return new ClientPolicy(true, CLIP_NORM_MAX, 1);
  }

  /**
   * The same with a bound on how long an update may be.
   *
   * @param norm largest {@code client.clip-norm} of a plan, positive
   */
  public ClientPolicy withClipNormMax(double norm) {
    if (!(norm > 0 && norm <= CLIP_NORM_MAX)) {
      throw new IllegalArgumentException(
          "clip norm bound is " + norm + ", must be above 0 and at most " + CLIP_NORM_MAX);
    }
    return new ClientPolicy(development, norm, cohortMinimum);
  }

  /**
   * The same with a bound on how small a crowd an update may hide in.
   *
   * @param devices smallest {@code cohort.minimum} of a plan, at least 1
   */
  public ClientPolicy withCohortMinimum(int devices) {
    if (devices < 1) {
      throw new IllegalArgumentException("cohort minimum is " + devices + ", must be at least 1");
    }
    return new ClientPolicy(development, clipNormMax, devices);
  }

  /** What in the plan the app does not allow, if anything. */
  Optional<Objection> objectionTo(TrainingPlan plan) {
    if (plan.aggregation().mode() == AggregationSettings.Mode.PLAIN
        && !(development && plan.aggregation().development())) {
      return Objection.of(
          DeclineReason.POLICY_PLAIN,
          "plan "
              + plan.id()
              + " sends updates in the clear (aggregation mode plain), which this app's policy"
              + " does not allow; use ClientPolicy.development() in development only");
    }
    if (plan.client().clipNorm() > clipNormMax) {
      return Objection.of(
          DeclineReason.POLICY_CLIP_NORM,
          "plan "
              + plan.id()
              + " has clip norm "
              + plan.client().clipNorm()
              + ", this app allows at most "
              + clipNormMax);
    }
    if (plan.cohort().minimum() < cohortMinimum) {
      return Objection.of(
          DeclineReason.POLICY_COHORT_TOO_SMALL,
          "plan "
              + plan.id()
              + " takes sums of "
              + plan.cohort().minimum()
              + " devices, this app asks for at least "
              + cohortMinimum);
    }
    return Optional.empty();
  }

  /**
   * Why work is declined.
   *
   * @param reason for code
   * @param detail for people
   */
  record Objection(DeclineReason reason, String detail) {

    static Optional<Objection> of(DeclineReason reason, String detail) {
      return Optional.of(new Objection(reason, detail));
    }
  }

  @Override
  public String toString() {
    return "ClientPolicy[development "
        + development
        + ", clip norm at most "
        + clipNormMax
        + ", cohort at least "
        + cohortMinimum
        + "]";
  }
}
