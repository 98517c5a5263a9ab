package io.tacit.client.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.storage.Charge;
import io.tacit.client.storage.Spending;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.protocol.privacy.RdpAccountant;
import io.tacit.testing.Seeds;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrivacyTotalsTest {

  private static final long DAY = LocalDate.parse("2026-11-24").toEpochDay();

  private static Spending spending(double z, double sessionZ, double delta, long times) {
    return new Spending(new Charge(z, sessionZ, delta), times, 100 * times, DAY);
  }

  @Test
  void two_plans_on_the_data_of_one_device_add_up() {
    Spending news = spending(4, 2, 1e-6, 5);
    Spending shop = spending(3, 3, 1e-7, 2);
    PrivacyTotals both = PrivacyTotals.of(List.of(news, shop));

    RdpAccountant models = RdpAccountant.EMPTY.plus(4, 1, 5).plus(3, 1, 2);
    RdpAccountant coordinator = RdpAccountant.EMPTY.plus(2, 1, 5).plus(3, 1, 2);
    assertThat(both.delta()).as("the smaller one").isEqualTo(1e-7);
    assertThat(both.epsilonModels()).isEqualTo(models.bound(1e-7, 1).epsilon());
    assertThat(both.epsilonCoordinator()).isEqualTo(coordinator.bound(1e-7, 1).epsilon());
    for (Spending alone : List.of(news, shop)) {
      assertThat(both.epsilonModels())
          .isGreaterThan(PrivacyTotals.of(List.of(alone)).epsilonModels());
    }
    assertThat(both.participations()).isEqualTo(7);
    assertThat(both.bytes()).isEqualTo(700);
    assertThat(both.modelsUnboundedSince()).isEmpty();
    assertThat(both.text())
        .matches(
            "This device has taken part 7 times\\.\n"
                + "Against whoever sees the models: epsilon 4\\.\\d\\d at delta 1\\.0E-7\\.\n"
                + "Against the coordinator: epsilon 7\\.\\d\\d at delta 1\\.0E-7\\.");
    assertThat(both.assumptions()).hasSize(5);
  }

  @Test
  void one_participation_in_a_plan_costs_what_the_plan_says_of_one() {
    TrainingPlan once =
        TestPlans.secure()
            .withPrivacy(TestPlans.noise(PrivacySettings.Mechanism.DISTRIBUTED, 4, 1));
    PrivacyCost promised = once.privacyCost().orElseThrow();
    PrivacyTotals spent = PrivacyTotals.of(List.of(new Spending(Charge.of(once), 1, 1, DAY)));

    assertThat(spent.epsilonModels()).isCloseTo(promised.models().epsilon(), within(1e-12));
    assertThat(spent.epsilonCoordinator())
        .isCloseTo(promised.coordinator().epsilon(), within(1e-12));
  }

  @Test
  void nothing_that_left_costs_nothing() {
    PrivacyTotals none = PrivacyTotals.of(List.of());

    assertThat(none.participations()).isZero();
    assertThat(none.epsilonModels()).isZero();
    assertThat(none.epsilonCoordinator()).isZero();
    assertThat(none.text())
        .isEqualTo(
            "This device has taken part 0 times.\nAgainst whoever sees the models: epsilon"
                + " 0.00.\nAgainst the coordinator: epsilon 0.00.");
  }

  @Test
  void one_update_without_noise_makes_both_unbounded_for_good_and_says_since_when() {
    Spending noisy = spending(4, 2, 1e-6, 5);
    Spending exact = new Spending(Charge.WITHOUT_NOISE, 1, 100, DAY + 1);
    PrivacyTotals totals = PrivacyTotals.of(List.of(noisy, exact, spending(50, 50, 1e-6, 1)));

    assertThat(totals.epsilonModels()).isInfinite();
    assertThat(totals.epsilonCoordinator()).isInfinite();
    assertThat(totals.delta()).isEqualTo(1e-6);
    assertThat(totals.modelsUnboundedSince()).contains(LocalDate.parse("2026-11-25"));
    assertThat(totals.text())
        .contains(
            "Against whoever sees the models: unbounded since 2026-11-25, as an update left without"
                + " noise against them.");
    Spending uncounted = new Spending(Charge.WITHOUT_NOISE, 3, 0, 0);
    assertThat(PrivacyTotals.of(List.of(uncounted)).text())
        .contains("models: unbounded, as an update left without noise");
  }

  @Test
  void under_a_trusted_coordinator_the_models_are_bounded_and_the_coordinator_is_not() {
    TrainingPlan central =
        TestPlans.secure().withPrivacy(TestPlans.noise(PrivacySettings.Mechanism.CENTRAL, 4, 3));
    PrivacyTotals totals = PrivacyTotals.of(List.of(new Spending(Charge.of(central), 1, 100, DAY)));

    assertThat(totals.epsilonModels()).isFinite();
    assertThat(totals.epsilonCoordinator()).isInfinite();
    assertThat(totals.modelsUnboundedSince()).isEmpty();
    assertThat(totals.coordinatorUnboundedSince()).contains(LocalDate.parse("2026-11-24"));
    assertThat(totals.text())
        .contains("Against whoever sees the models: epsilon ")
        .contains("Against the coordinator: unbounded since 2026-11-24");
  }

  @Test
  void in_the_clear_noise_hides_nothing_from_the_coordinator_and_a_model_of_few_has_less_of_it() {
    TrainingPlan plain = TestPlans.noisyInTheClear(3);
    NoisePlan noise = plain.noise().orElseThrow();
    Charge charge = Charge.of(plain);

    assertThat(charge.shardNoiseMultiplier()).isZero();
    assertThat(noise.honest()).isGreaterThan(3);
    assertThat(charge.noiseMultiplier())
        .isCloseTo(noise.noiseMultiplier() * Math.sqrt(3.0 / noise.honest()), within(1e-12));
  }

  static LongStream seeds() {
    return Seeds.upTo(4);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void another_participation_never_lowers_either_epsilon(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Spending> spent = new ArrayList<>();
    PrivacyTotals before = PrivacyTotals.of(spent);
    for (int i = 0; i < 50; i++) {
      double z = 0.5 + 8 * random.nextDouble();
      spent.add(spending(z, z * random.nextDouble(0.1, 1), 1e-9 + 1e-5 * random.nextDouble(), 1));
      PrivacyTotals after = PrivacyTotals.of(spent);
      assertThat(after.epsilonModels()).isGreaterThan(before.epsilonModels());
      assertThat(after.epsilonCoordinator())
          .isGreaterThan(before.epsilonCoordinator())
          .isGreaterThanOrEqualTo(after.epsilonModels());
      before = after;
    }
  }
}
