package io.tacit.simulation.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.TrainingRecipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyCurveTest {

  private static InteractionDataSet data;

  @BeforeAll
  static void load() throws Exception {
    data =
        new DataSetSource.MsWeb()
            .load(
                Path.of(System.getProperty("tacit.root"), "deploy/data/msweb/anonymous-msweb.data"),
                SyntheticSettings.of(100, 1));
  }

  @Test
  void trains_on_visitors_that_are_too_brief_to_be_tested_on() {
    HonestSplit tested = HonestSplit.of(data, 1);
    HonestSplit trained = tested.withShorterHistories(2);

    assertThat(tested.userCount()).isEqualTo(6_280);
    assertThat(trained.userCount()).isEqualTo(22_716);
    assertThat(trained.training(3)).isEqualTo(tested.training(3));
    assertThat(trained.training(10_000).length).isBetween(2, 4);
    assertThatThrownBy(
            () -> trained.heldOutItem(10_000, io.tacit.simulation.evaluation.HeldOut.TEST))
        .hasMessageStartingWith("user 10000 has no held-out item");
  }

  private static PrivacyCurveSettings settings(List<Double> epsilons, int participations) {
    return new PrivacyCurveSettings(
        epsilons,
        List.of(Mechanism.DISTRIBUTED, Mechanism.CENTRAL),
        List.of(1L),
        1e-5,
        participations,
        new ShardSettings(32, 16, ShardSettings.SuiteChoice.AUTO),
        HonestShare.Dishonest.TENTH,
        5);
  }

  @Test
  void a_smaller_epsilon_takes_more_noise_and_says_both_numbers() throws Exception {
    TrainingRecipe recipe =
        TrainingRecipe.usualFor(HonestSplit.of(data, 1)).withCohort(64).withRounds(2);
    List<PrivacyPoint> points =
        new PrivacyCurve(
                data, recipe, settings(List.of(Double.POSITIVE_INFINITY, 8.0, 2.0), 2), null)
            .run(new Silent());

    assertThat(points).hasSize(5);
    assertThat(points.get(0).cost()).isNull();
    assertThat(points.get(0).noiseMultiplier()).isZero();
    PrivacyPoint weak = points.get(1);
    PrivacyPoint strong = points.get(3);
    assertThat(strong.noiseMultiplier()).isGreaterThan(2 * weak.noiseMultiplier());
    assertThat(cost(weak).models().epsilon()).isCloseTo(8, within(1e-3)).isLessThanOrEqualTo(8);
    assertThat(cost(weak).coordinator().epsilon()).isGreaterThan(8).isFinite();
    assertThat(points.get(2).mechanism()).isEqualTo(Mechanism.CENTRAL);
    assertThat(cost(points.get(2)).coordinator().epsilon()).isInfinite();
  }

  @Test
  void finds_finished_trainings_again_and_takes_none_for_another(@TempDir Path state)
      throws Exception {
    TrainingRecipe recipe =
        TrainingRecipe.usualFor(HonestSplit.of(data, 1)).withCohort(64).withRounds(1);
    PrivacyCurveSettings settings = settings(List.of(8.0), 1);
    Silent listener = new Silent();

    List<PrivacyPoint> first = new PrivacyCurve(data, recipe, settings, state).run(listener);
    assertThat(listener.rounds).isEqualTo(2);
    List<PrivacyPoint> again = new PrivacyCurve(data, recipe, settings, state).run(listener);
    assertThat(listener.rounds).as("nothing is trained again").isEqualTo(2);
    new PrivacyCurve(data, recipe, settings(List.of(7.0), 1), state).run(listener);
    assertThat(listener.rounds).as("another epsilon").isEqualTo(4);

    assertThat(again).isEqualTo(first);
  }

  private static PrivacyCost cost(PrivacyPoint point) {
    return Objects.requireNonNull(point.cost());
  }

  @Test
  void refuses_more_rounds_than_devices_may_take_part_in() {
    TrainingRecipe recipe =
        TrainingRecipe.usualFor(HonestSplit.of(data, 1)).withCohort(640).withRounds(100);

    assertThatThrownBy(() -> new PrivacyCurve(data, recipe, settings(List.of(8.0), 5), null))
        .hasMessage(
            "--rounds is 100, must be at most 49 for 6280 devices that take part 5 times in rounds"
                + " of 640; lower it or --cohort, or raise --participations");
  }

  private static final class Silent implements PrivacyCurve.Listener {

    private int rounds;

    @Override
    public void started(double epsilon, @Nullable Mechanism mechanism, long seed) {}

    @Override
    public void round(int done, int of) {
      rounds++;
    }

    @Override
    public void finished(PrivacyPoint point) {}
  }
}
