package io.tacit.simulation.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.data.Scenario;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.RankingTask;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EaseTest {

  private static final int ITEMS = 220;

  /**
   * The closed form must solve the problem it stands for: each column of weights is the ridge
   * regression of that item on all others, so its gradient {@code (G + regulariser) w - g} is 0.
   */
  @Test
  void weights_solve_the_ridge_regression_of_each_item_on_all_others() {
    double regulariser = 3;
    HonestSplit split = randomSplit(17);
    double[][] gram = coOccurrences(split);

    Ease ease = Ease.fit(split, regulariser);

    double largestGradient = 0;
    for (int predict = 0; predict < ITEMS; predict++) {
      assertThat(ease.weight(predict, predict)).isZero();
      for (int row = 0; row < ITEMS; row++) {
        double gradient = regulariser * ease.weight(row, predict) - gram[row][predict];
        for (int have = 0; have < ITEMS; have++) {
          gradient += gram[row][have] * ease.weight(have, predict);
        }
        if (row != predict) {
          largestGradient = Math.max(largestGradient, Math.abs(gradient));
        }
      }
    }
    assertThat(largestGradient).isLessThan(1e-4);
  }

  @Test
  void a_score_is_the_sum_of_the_weights_of_the_training_items() {
    HonestSplit split = randomSplit(18);
    Ease ease = Ease.fit(split, 3);
    float expected = 0;
    for (int have : split.training(4)) {
      expected += ease.weight(have, 9);
    }

    float[] scores = new float[2];
    ease.score(4, new int[] {8, 9}, scores);

    assertThat(scores[1]).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void finds_the_hidden_preferences_of_synthetic_users(Scenario scenario) throws Exception {
    InteractionDataSet data =
        new DataSetSource.Synthetic(scenario)
            .load(SampleData.msWebFile(), SyntheticSettings.of(1000, 3));
    HonestSplit split = HonestSplit.of(data, 3);
    RankingTask test = RankingTask.sampled(split, HeldOut.TEST);

    Estimate gain =
        test.evaluate(Ease.chosenOnValidation(split))
            .hitRateOver(test.evaluate(ItemPopularity.of(split)));

    assertThat(gain.mean()).isGreaterThan(0.2);
    assertThat(gain.mean()).isGreaterThan(5 * gain.standardError());
  }

  @Test
  void refuses_a_regulariser_that_is_not_above_zero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ease.fit(randomSplit(1), 0))
        .withMessage("regulariser is 0.0, must be above 0");
  }

  @Test
  void refuses_a_catalogue_too_large_to_invert() {
    HonestSplit split =
        HonestSplit.of(
            SampleData.timed(5001, new int[] {0, 1, 2, 3, 4}, new int[] {0, 1, 2, 3, 4}), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ease.fit(split, 1))
        .withMessage(
            "EASE inverts a matrix of items by items; there are 5001 items, at most 5000 are"
                + " possible: take a smaller catalogue or leave EASE out");
  }

  private static HonestSplit randomSplit(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] users = new int[50][];
    for (int user = 0; user < users.length; user++) {
      users[user] = random.ints(18, 0, ITEMS).toArray();
    }
    return HonestSplit.of(SampleData.timed(ITEMS, users), seed);
  }

  private static double[][] coOccurrences(HonestSplit split) {
    double[][] gram = new double[ITEMS][ITEMS];
    for (int user = 0; user < split.userCount(); user++) {
      for (int a : split.training(user)) {
        for (int b : split.training(user)) {
          gram[a][b]++;
        }
      }
    }
    return gram;
  }
}
