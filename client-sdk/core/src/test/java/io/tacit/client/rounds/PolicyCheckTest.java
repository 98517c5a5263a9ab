package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.TestPlans;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyCheckTest {

  private static TrainingPlan withRows(int rows) {
    TrainingPlan small = TestPlans.twoTower();
    return new TrainingPlan(
        small.id(),
        small.version(),
        small.population(),
        new ModelSpecification.TwoTower(rows, 2, true, 7),
        new FeatureSchema.Items(TestPlans.catalogue().contentHash(), rows - 1, 1, Set.of("click")),
        small.client(),
        small.cohort(),
        small.deadlines(),
        small.serverOptimiser(),
        small.aggregation(),
        small.evaluation(),
        small.rounds());
  }

  @Test
  void declines_a_model_whose_training_takes_more_memory_than_the_app_gives() {
    ClientPolicy policy = ClientPolicy.development().withTrainingBytesMax(1 << 20);
    int fitting = (1 << 20) / 32;
    TrainingPlan tooLarge = withRows(20_000);

    assertThat(tooLarge.parameters()).isGreaterThan(fitting);
    assertThat(PolicyCheck.objectionTo(tooLarge, policy, false))
        .contains(
            new PolicyCheck.Objection(
                DeclineReason.POLICY_MEMORY,
                "plan news has "
                    + tooLarge.parameters()
                    + " parameters, which take "
                    + 32L * tooLarge.parameters()
                    + " bytes to train, this app allows 1048576"));
    assertThat(PolicyCheck.objectionTo(withRows(1_000), policy, false)).isEmpty();
    assertThat(PolicyCheck.objectionTo(tooLarge, ClientPolicy.development(), false)).isEmpty();
  }

  @Test
  void bounds_on_what_is_revealed_come_in_twos_above_zero() {
    assertThatThrownBy(() -> ClientPolicy.production().withEpsilonMax(4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "epsilon bounds are 4.0 and 0.0, must be above 0; 1 to 8 are usual against the"
                + " models");
    assertThatThrownBy(() -> ClientPolicy.production().withEpsilonMax(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
    ClientPolicy bounded = ClientPolicy.production().withEpsilonMax(4, 9).withClipNormMax(2);
    assertThat(bounded.epsilonModelsMax()).isEqualTo(4);
    assertThat(bounded.epsilonCoordinatorMax()).isEqualTo(9);
    assertThat(ClientPolicy.production().epsilonModelsMax()).isInfinite();
    assertThat(ClientPolicy.development().hasEpsilonMax()).isFalse();
  }

  @Test
  void an_app_allows_metrics_until_it_says_otherwise_and_each_bound_keeps_its_word() {
    ClientPolicy without = ClientPolicy.production().withMetrics(false);

    assertThat(ClientPolicy.production().allowsMetrics()).isTrue();
    assertThat(ClientPolicy.development().allowsMetrics()).isTrue();
    for (ClientPolicy changed :
        List.of(
            without,
            without.withCohortMinimum(50),
            without.withClipNormMax(2),
            without.withEpsilonMax(4, 9),
            without.withTrainingBytesMax(1 << 22))) {
      assertThat(changed.allowsMetrics()).isFalse();
      assertThat(changed.toString()).endsWith(", no metrics]");
    }
    ClientPolicy again = without.withEpsilonMax(4, 9).withMetrics(true);
    assertThat(again.allowsMetrics()).isTrue();
    assertThat(again.epsilonModelsMax()).isEqualTo(4);
    assertThat(again.toString()).doesNotContain("metrics");
  }

  @Test
  void a_bound_on_memory_has_a_least_value() {
    assertThatThrownBy(() -> ClientPolicy.production().withTrainingBytesMax(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("training memory is 5 bytes, must be at least 1048576");
  }
}
