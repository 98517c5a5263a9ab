package io.tacit.coordinator.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.protocol.privacy.RandomBits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SumGateTest {

  private static final int CLIENTS = 20;

  private static final PrivacySettings NOISE =
      new PrivacySettings.Noise(
          PrivacySettings.Mechanism.DISTRIBUTED,
          1,
          1e-5,
          50_000,
          5,
          1,
          HonestShare.Dishonest.TENTH,
          PrivacySettings.Budget.UNLIMITED);

  private static TrainingPlan plan(PrivacySettings privacy) {
    return new TrainingPlan(
            new PlanId("gate"),
            1,
            "test",
            new ModelSpecification.TwoTower(302, 4, true, 1),
            new FeatureSchema.Items(ContentHash.of(new byte[] {1}), 300, 2, Set.of("click")),
            new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1000, true, 0),
            new CohortSettings(CLIENTS, CLIENTS, 1),
            new DeadlineSettings(
                Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(60)),
            new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 0.001),
            AggregationSettings.secure(
                new ShardSettings(CLIENTS, 10, ShardSettings.SuiteChoice.CLASSIC)),
            new EvaluationSettings(0),
            60)
        .withPrivacy(privacy);
  }

  /** The sum of updates that all point the same way with the same norm. */
  private static int[] sum(TrainingPlan plan, double norm, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    int[] sum = new int[plan.updateFormat().lanes()];
    float[] update = new float[plan.parameters()];
    double squares = 0;
    for (int i = 0; i < update.length; i++) {
      update[i] = (float) random.nextGaussian();
      squares += update[i] * update[i];
    }
    for (int i = 0; i < update.length; i++) {
      update[i] *= (float) (norm / Math.sqrt(squares));
    }
    for (int client = 0; client < CLIENTS; client++) {
      int[] lanes =
          plan.updateFormat()
              .encode(update, 10, 0.5, RandomBits.seeded(random.nextLong()))
              .takeLanes();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += lanes[i];
      }
    }
    return sum;
  }

  /** The seed is shown in the name of the case. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void lets_the_longest_honest_sums_pass_with_and_without_noise(long seed) {
    for (TrainingPlan plan : new TrainingPlan[] {plan(PrivacySettings.NONE), plan(NOISE)}) {
      assertThat(SumGate.of(plan).flaw(sum(plan, 0.999999, seed), CLIENTS)).isEmpty();
    }
  }

  @Test
  void stops_a_sum_that_one_device_made_longer_than_all_together_may() {
    for (TrainingPlan plan : new TrainingPlan[] {plan(PrivacySettings.NONE), plan(NOISE)}) {
      int[] sum = sum(plan, 0.5, 11);
      Arrays.fill(sum, 20, 30, Integer.MAX_VALUE / 2);

      assertThat(SumGate.of(plan).flaw(sum, CLIENTS).orElseThrow())
          .startsWith("its sum is longer than the ")
          .contains("that 20 devices with clip norm 1");
    }
  }

  @Test
  void stops_a_sum_that_counts_other_devices_than_brought_updates() {
    TrainingPlan plan = plan(NOISE);

    assertThat(SumGate.of(plan).flaw(sum(plan, 0.5, 12), CLIENTS - 1))
        .contains("its sum counts 20 devices but 19 have brought an update");
  }

  @Test
  void stops_header_lanes_that_noise_should_have_kept_empty() {
    TrainingPlan plan = plan(NOISE);
    int[] sum = sum(plan, 0.5, 13);
    sum[3] = 4711;

    assertThat(SumGate.of(plan).flaw(sum, CLIENTS))
        .contains("its header lane 3 is not 0, must be under noise");
  }
}
