package io.tacit.simulation.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.storage.Charge;
import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.privacy.PrivacyLedger;
import io.tacit.coordinator.privacy.PrivacyStanding;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.RdpAccountant;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device counts for itself of a plan is what the coordinator says that it costs. */
class ChargesAgreeTest {

  private static final int PARTICIPATIONS = 5;
  private static final double DELTA = 1e-5;
  private static final long USERS = 50_000;

  private static final CatalogueLookup NO_CATALOGUES =
      new CatalogueLookup() {
        @Override
        public Optional<Catalogue> find(ContentHash hash) {
          return Optional.empty();
        }

        @Override
        public Optional<Catalogue> file(String path) {
          return Optional.empty();
        }
      };

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  /** Of a cohort of 128 devices in shards of 64, of which a model in the clear may have ten. */
  private static TrainingPlan plan(String mode, String mechanism) {
    return PlanFile.parse(
        """
        id: priced
        version: 1
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: 128, minimum: 10}
        aggregation: {mode: %s, development: true, weighting: uniform, shards: {size: 64, minimum: 32}}
        privacy: {mechanism: %s, noise-multiplier: 2, users: %d, delta: %s, participations-max: %d, shards-minimum: 2}
        evaluation: {validation-share: 0.2, metrics: {noise-multiplier: 3}}
        """
            .formatted(mode, mechanism, USERS, DELTA, PARTICIPATIONS),
        NO_CATALOGUES);
  }

  private static double epsilon(double noiseMultiplier) {
    return RdpAccountant.EMPTY
        .plus(noiseMultiplier, 1, PARTICIPATIONS)
        .bound(DELTA, USERS)
        .epsilon();
  }

  @ParameterizedTest
  @CsvSource({
    "plain, distributed",
    "plain, central",
    "secure, distributed",
    "secure, central",
  })
  void in_every_mode(String mode, String mechanism) {
    TrainingPlan plan = plan(mode, mechanism);
    Charge charge = Charge.of(plan);
    PrivacyLedger ledger = new PrivacyLedger(database);

    ledger.noteLost(plan, 1, PARTICIPATIONS, Instant.EPOCH);

    PrivacyStanding standing = ledger.standing(plan).orElseThrow();
    for (PrivacyStanding.Bounds bounds :
        new PrivacyStanding.Bounds[] {standing.together().soFar(), standing.together().atCap()}) {
      assertThat(bounds.models().epsilon())
          .isCloseTo(epsilon(charge.noiseMultiplier()), within(1e-9));
      if (charge.shardNoiseMultiplier() == 0) {
        assertThat(bounds.coordinator().epsilon()).isInfinite();
      } else {
        assertThat(bounds.coordinator().epsilon())
            .isCloseTo(epsilon(charge.shardNoiseMultiplier()), within(1e-9));
      }
    }
    assertThat(plan.privacyCost().orElseThrow().models().epsilon())
        .as("what the plan says of updates")
        .isCloseTo(standing.updates().atCap().models().epsilon(), within(1e-9));
    assertThat(plan.metricCost().orElseThrow().models().epsilon())
        .as("and of metrics")
        .isCloseTo(standing.metrics().orElseThrow().atCap().models().epsilon(), within(1e-9));
  }

  @Test
  void ten_devices_in_the_clear_hide_each_other_less_than_the_noise_was_planned_for() {
    TrainingPlan plan = plan("plain", "distributed");
    NoisePlan noise = plan.noise().orElseThrow();

    PrivacyStanding standing = new PrivacyLedger(database).standing(plan).orElseThrow();

    assertThat(noise.honest()).isGreaterThan(10);
    assertThat(standing.updates().atCap().models().epsilon())
        .isCloseTo(
            epsilon(noise.noiseMultiplier() * Math.sqrt(10.0 / noise.honest())), within(1e-9))
        .isGreaterThan(epsilon(noise.noiseMultiplier()));
  }
}
