package io.tacit.simulation.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.evaluation.HonestSplit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainingRecipeTest {

  private static final int ITEMS = 300;

  @Test
  void is_chosen_by_the_length_of_histories() {
    assertThat(TrainingRecipe.usualFor(split(10)).dimension()).isEqualTo(16);
    assertThat(TrainingRecipe.usualFor(split(50)).dimension()).isEqualTo(64);
    assertThat(TrainingRecipe.usualFor(split(50)).cohortOf(2)).isEqualTo(2);
  }

  @Test
  void lets_the_latest_items_count_more_where_the_order_of_a_history_says_something() {
    TrainingRecipe usual = TrainingRecipe.usualFor(HonestSplit.of(SampleData.sequences(300), 1));

    assertThat(usual.recency()).isEqualTo(TrainingRecipe.USUAL_RECENCY);
    assertThat(usual.describe())
        .startsWith("two-tower of dimension 16, recency 0.8 of half-life 5; 100 rounds");
  }

  @Test
  void lets_all_items_count_alike_where_it_says_nothing_or_there_is_none() {
    InteractionDataSet shuffled = SampleData.shuffled(SampleData.sequences(300), 1);
    HonestSplit withoutTimes =
        HonestSplit.of(
            SampleData.untimed(
                ITEMS, IntStream.range(0, 10).toArray(), IntStream.range(5, 15).toArray()),
            1);

    assertThat(TrainingRecipe.usualFor(HonestSplit.of(shuffled, 1)).recency())
        .isEqualTo(Recency.NONE);
    assertThat(TrainingRecipe.usualFor(withoutTimes).recency()).isEqualTo(Recency.NONE);
  }

  @Test
  void the_plan_of_a_recipe_has_its_recency() {
    TrainingRecipe usual = TrainingRecipe.usualFor(split(10));

    ScenarioPlan scenario = ScenarioPlan.of(split(10).data(), usual, 2, 1);

    assertThat(scenario.plan().model())
        .isInstanceOfSatisfying(
            ModelSpecification.TwoTower.class,
            model -> assertThat(model.recency()).isEqualTo(usual.recency()));
  }

  @Test
  void recency_belongs_to_two_towers_and_to_nothing_else() {
    TrainingRecipe usual =
        TrainingRecipe.usual(TrainingRecipe.Kind.MATRIX_FACTORISATION, split(10));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TrainingRecipe(
                    usual.kind(),
                    usual.dimension(),
                    usual.tower(),
                    usual.attributes(),
                    TrainingRecipe.USUAL_RECENCY,
                    usual.rounds(),
                    usual.cohort(),
                    usual.client(),
                    usual.server()))
        .withMessage(
            "--recency goes with --model two-tower only; leave it out with matrix-factorisation");
  }

  @Test
  void says_everything_that_decides_a_training() {
    assertThat(TrainingRecipe.usual(TrainingRecipe.Kind.MATRIX_FACTORISATION, split(10)).describe())
        .isEqualTo(
            "matrix-factorisation of dimension 16, without attributes; 50 rounds of all devices;"
                + " client sgd 0.1, 1 epoch(s), batch 10, 4 negatives, summed loss, clip 20,"
                + " FedProx 0; server scaled-mean 18.9 (beta 0.9/0.99, tau 0.001)");
  }

  @Test
  void a_value_out_of_range_is_named_like_its_option() {
    TrainingRecipe usual = TrainingRecipe.usualFor(split(10));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TrainingRecipe(
                    usual.kind(),
                    0,
                    List.of(),
                    true,
                    usual.recency(),
                    5,
                    usual.cohort(),
                    usual.client(),
                    usual.server()))
        .withMessage("--dimension is 0, must be 1 to 512");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> usual.withCohort(-1))
        .withMessage("--cohort is -1, must be at least 1, or all for everybody");
  }

  @Test
  void a_tower_belongs_to_neural_cf_and_to_nothing_else() {
    TrainingRecipe usual = TrainingRecipe.usual(TrainingRecipe.Kind.NEURAL_CF, split(10));

    assertThat(usual.describe())
        .startsWith("neural-cf of dimension 16, tower [32, 16], without attributes; 50 rounds");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withTower(usual, List.of()))
        .withMessage(
            "--tower is empty, must have at least 1 layer with --model neural-cf; without one, it"
                + " is matrix-factorisation");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withTower(usual, List.of(8, 0)))
        .withMessage("--tower is 0, must be 1 to 512");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withTower(TrainingRecipe.usualFor(split(10)), List.of(8)))
        .withMessage("--tower goes with --model neural-cf only; leave it out with two-tower");
  }

  private static TrainingRecipe withTower(TrainingRecipe recipe, List<Integer> tower) {
    return new TrainingRecipe(
        recipe.kind(),
        recipe.dimension(),
        tower,
        recipe.attributes(),
        recipe.recency(),
        recipe.rounds(),
        recipe.cohort(),
        recipe.client(),
        recipe.server());
  }

  private static HonestSplit split(int itemsOfUser) {
    InteractionDataSet data =
        SampleData.timed(
            ITEMS,
            IntStream.range(0, itemsOfUser).toArray(),
            IntStream.range(20, 20 + itemsOfUser).toArray());
    return HonestSplit.of(data, 1);
  }
}
