package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ExamplesAndSettingsTest {

  @Test
  void refuses_repeated_and_negative_items() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InteractionExamples.of(new int[] {5, 1, 5}))
        .withMessage("item 5 is there twice; remove repetitions before training");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InteractionExamples.of(new int[] {5, -1}))
        .withMessage("item -1 is negative, rows start at 0");
  }

  @Test
  void refuses_rows_of_different_lengths_and_what_is_not_finite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TabularExamples.of(2, new float[3], new float[2]))
        .withMessage("3 features do not divide into 2 examples of equal length");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TabularExamples.of(2, new float[] {0, 0, 0, Float.NaN}, new float[2]))
        .withMessage("features of example 1 hold NaN or infinity; encode missing values as 0");
  }

  @Test
  void prints_counts_and_no_behaviour() {
    assertThat(InteractionExamples.of(new int[] {3, 4})).hasToString("InteractionExamples[2]");
    assertThat(TabularExamples.of(1, new float[2], new float[1])).hasToString("TabularExamples[1]");
  }

  @Test
  void refuses_settings_out_of_range() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(0, 1, 0, 0))
        .withMessage("learningRate is 0.0, must be above 0 and finite; 0.1 is a usual start");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(Double.NaN, 1, 0, 0))
        .withMessageStartingWith("learningRate is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(0.1, 0, 0, 0))
        .withMessage("epochs is 0, must be in [1, 1000]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(0.1, 1, -1, 0))
        .withMessage("batchSize is -1, must be in [0, 2147483647]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(0.1, 1, 0, -0.1))
        .withMessage("proximal is -0.1, must be at least 0 and finite; 0 turns it off");
  }

  private static TrainingSettings settings(
      double rate, int epochs, int batchSize, double proximal) {
    return new TrainingSettings(OptimiserKind.SGD, rate, epochs, batchSize, 4, true, proximal);
  }

  @Test
  void a_delta_overwrites_all_of_a_reused_buffer() {
    ParameterDelta delta =
        new ParameterDelta(5, new int[] {3, 0}, new int[] {2, 1}, new float[] {7, 8, 9});
    float[] buffer = {1, 1, 1, 1, 1};
    delta.copyTo(buffer);
    assertThat(buffer).containsExactly(9, 0, 0, 7, 8);
    assertThat(delta.toArray()).containsExactly(9, 0, 0, 7, 8);
    assertThat(ParameterDelta.dense(new float[] {1, 2}).toArray()).containsExactly(1, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> delta.copyTo(new float[4]))
        .withMessage("target has 4 elements but the delta has 5");
  }

  @Test
  void runs_of_a_delta_can_stand_elsewhere_and_stay_whole() {
    ParameterDelta delta =
        new ParameterDelta(5, new int[] {3, 0}, new int[] {2, 1}, new float[] {7, 8, 9});

    ParameterDelta moved = delta.moved(8, i -> i < 3 ? i : i + 2);

    assertThat(moved.toArray()).containsExactly(9, 0, 0, 0, 0, 7, 8, 0);
    assertThat(moved.touched()).isEqualTo(3);
    float[] sum = new float[8];
    moved.forEach((i, difference) -> sum[i] += difference);
    assertThat(sum).containsExactly(moved.toArray());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> delta.moved(8, i -> i < 4 ? i : i + 2))
        .withMessage("a run of 2 elements would go from 3 to 6, must stay whole and within 0 to 7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> delta.moved(6, i -> i + 2))
        .withMessage("a run of 2 elements would go from 5 to 6, must stay whole and within 0 to 5");
  }
}
