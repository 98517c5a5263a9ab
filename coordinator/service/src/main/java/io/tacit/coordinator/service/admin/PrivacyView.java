package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.privacy.PrivacyStanding;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyBound;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a plan's rounds let be learnt about one device, from the coordinator's ledger. A field that
 * is null has no value; an epsilon that is null is unbounded.
 *
 * @param plan id of the plan
 * @param version in force
 * @param mechanism distributed, central or none
 * @param delta of all bounds
 * @param participationsMax rounds that a device takes part in at the most
 * @param rounds charged so far, over all versions, or noted as lost
 * @param roundsWithoutNoise of them
 * @param soFar what they let be learnt about a device that was in as many as it may, by all that it
 *     sent
 * @param atCap the same at the end of the version in force, other versions not counted
 * @param updates the part of it that updates have
 * @param metrics the part of it that metrics have; null if devices report none
 * @param assumptions of the bounds, a sentence each
 * @param stop why no more rounds are opened; null if they are
 */
@Schema(name = "Privacy")
record PrivacyView(
    String plan,
    int version,
    String mechanism,
    @Nullable Double delta,
    @Nullable Integer participationsMax,
    @Nullable Long rounds,
    @Nullable Long roundsWithoutNoise,
    Epsilons soFar,
    Epsilons atCap,
    @Nullable Part updates,
    @Nullable Part metrics,
    List<String> assumptions,
    @Nullable String stop) {

  /**
   * What is learnt by updates, or by metrics.
   *
   * @param noiseMultiplier z against whoever sees the models; null if the version in force has none
   * @param shardNoiseMultiplier z against the coordinator
   * @param soFar both epsilons by the rounds so far
   * @param atCap the same at the end of the version in force
   * @param budget at which the plan stops; null is no limit
   */
  @Schema(name = "PrivacyPart")
  record Part(
      @Nullable Double noiseMultiplier,
      @Nullable Double shardNoiseMultiplier,
      Epsilons soFar,
      Epsilons atCap,
      Epsilons budget) {

    private static Part of(
        Optional<NoisePlan> noise,
        PrivacyStanding.Spending spending,
        PrivacySettings.Budget budget) {
      return new Part(
          noise.map(NoisePlan::noiseMultiplier).orElse(null),
          noise.map(NoisePlan::shardNoiseMultiplier).orElse(null),
          Epsilons.of(spending.soFar()),
          Epsilons.of(spending.atCap()),
          new Epsilons(Epsilons.finite(budget.models()), Epsilons.finite(budget.coordinator())));
    }
  }

  /**
   * Both epsilons, never one alone.
   *
   * @param models against whoever sees the models
   * @param coordinator against the coordinator
   */
  @Schema(name = "Epsilons")
  record Epsilons(@Nullable Double models, @Nullable Double coordinator) {

    private static final Epsilons UNBOUNDED = new Epsilons(null, null);

    private static Epsilons of(PrivacyStanding.Bounds bounds) {
      return new Epsilons(finite(bounds.models()), finite(bounds.coordinator()));
    }

    private static @Nullable Double finite(PrivacyBound bound) {
      return finite(bound.epsilon());
    }

    private static @Nullable Double finite(double epsilon) {
      return Double.isInfinite(epsilon) ? null : epsilon;
    }
  }

  static PrivacyView of(RegisteredPlan registered, Optional<PrivacyStanding> standing) {
    TrainingPlan plan = registered.plan();
    if (standing.isPresent() && plan.privacy() instanceof PrivacySettings.Noise settings) {
      return of(plan, settings, standing.get());
    }
    return new PrivacyView(
        plan.id().value(),
        plan.version(),
        "none",
        null,
        null,
        null,
        null,
        Epsilons.UNBOUNDED,
        Epsilons.UNBOUNDED,
        null,
        null,
        withoutNoise(plan),
        null);
  }

  private static List<String> withoutNoise(TrainingPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add("The plan has no noise: nothing bounds what its models reveal about a device.");
    if (plan.evaluation().metrics() != null) {
      lines.add("Metrics that its devices report are exact sums.");
    }
    return lines;
  }

  private static PrivacyView of(
      TrainingPlan plan, PrivacySettings.Noise settings, PrivacyStanding standing) {
    MetricSettings metrics = plan.evaluation().metrics();
    return new PrivacyView(
        plan.id().value(),
        plan.version(),
        settings.mechanism().name().toLowerCase(Locale.ROOT),
        settings.delta(),
        settings.participationsMax(),
        standing.rounds(),
        standing.roundsWithoutNoise(),
        Epsilons.of(standing.together().soFar()),
        Epsilons.of(standing.together().atCap()),
        Part.of(plan.noise(), standing.updates(), settings.budget()),
        standing
            .metrics()
            .map(
                spending ->
                    Part.of(
                        plan.metricNoise(),
                        spending,
                        metrics == null ? PrivacySettings.Budget.UNLIMITED : metrics.budget()))
            .orElse(null),
        standing.assumptions(),
        standing.stop().orElse(null));
  }
}
