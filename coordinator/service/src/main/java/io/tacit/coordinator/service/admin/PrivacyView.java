package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.coordinator.privacy.PrivacyStanding;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyBound;
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
 * @param noiseMultiplier z against whoever sees the models
 * @param shardNoiseMultiplier z against the coordinator
 * @param delta of both bounds
 * @param participationsMax rounds that a device takes part in at the most
 * @param rounds charged so far, over all versions, or noted as lost
 * @param roundsWithoutNoise of them
 * @param soFar what they let be learnt about a device that was in as many as it may
 * @param atCap the same at the end of the version in force, other versions not counted
 * @param budget at which the plan stops; null is no limit
 * @param assumptions of the bounds, a sentence each
 * @param stop why no more rounds are opened; null if they are
 */
@Schema(name = "Privacy")
record PrivacyView(
    String plan,
    int version,
    String mechanism,
    @Nullable Double noiseMultiplier,
    @Nullable Double shardNoiseMultiplier,
    @Nullable Double delta,
    @Nullable Integer participationsMax,
    @Nullable Long rounds,
    @Nullable Long roundsWithoutNoise,
    Epsilons soFar,
    Epsilons atCap,
    Epsilons budget,
    List<String> assumptions,
    @Nullable String stop) {

  /**
   * Both epsilons, never one alone.
   *
   * @param models against whoever sees the models
   * @param coordinator against the coordinator
   */
  @Schema(name = "Epsilons")
  record Epsilons(@Nullable Double models, @Nullable Double coordinator) {

    private static final Epsilons UNBOUNDED = new Epsilons(null, null);

    private static Epsilons of(PrivacyBound models, PrivacyBound coordinator) {
      return new Epsilons(finite(models.epsilon()), finite(coordinator.epsilon()));
    }

    private static @Nullable Double finite(double epsilon) {
      return Double.isInfinite(epsilon) ? null : epsilon;
    }
  }

  static PrivacyView of(RegisteredPlan registered, Optional<PrivacyStanding> standing) {
    if (standing.isPresent()
        && registered.plan().privacy() instanceof PrivacySettings.Noise settings) {
      return of(registered, settings, standing.get());
    }
    return new PrivacyView(
        registered.plan().id().value(),
        registered.plan().version(),
        "none",
        null,
        null,
        null,
        null,
        null,
        null,
        Epsilons.UNBOUNDED,
        Epsilons.UNBOUNDED,
        Epsilons.UNBOUNDED,
        List.of("The plan has no noise: nothing bounds what its models reveal about a device."),
        null);
  }

  private static PrivacyView of(
      RegisteredPlan registered, PrivacySettings.Noise settings, PrivacyStanding standing) {
    NoisePlan noise = registered.plan().noise().orElseThrow();
    return new PrivacyView(
        registered.plan().id().value(),
        registered.plan().version(),
        settings.mechanism().name().toLowerCase(Locale.ROOT),
        noise.noiseMultiplier(),
        noise.shardNoiseMultiplier(),
        settings.delta(),
        settings.participationsMax(),
        standing.rounds(),
        standing.roundsWithoutNoise(),
        Epsilons.of(standing.models(), standing.coordinator()),
        Epsilons.of(standing.atCap().models(), standing.atCap().coordinator()),
        new Epsilons(
            Epsilons.finite(settings.budget().models()),
            Epsilons.finite(settings.budget().coordinator())),
        standing.atCap().assumptions(),
        standing.stop().orElse(null));
  }
}
