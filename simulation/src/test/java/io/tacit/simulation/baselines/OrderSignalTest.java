package io.tacit.simulation.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Recency;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.evaluation.HonestSplit;
import org.junit.jupiter.api.Test;

class OrderSignalTest {

  private static final Recency RECENCY = new Recency(0.8, 5);

  @Test
  void is_there_where_people_go_on_from_where_they_are() {
    OrderSignal signal = signal(SampleData.sequences(300));

    assertThat(signal.isThere()).isTrue();
    assertThat(signal.gain().mean()).isGreaterThan(0.05);
  }

  @Test
  void is_not_there_when_the_same_items_come_in_any_order() {
    InteractionDataSet data = SampleData.sequences(300);
    int there = 0;
    for (long seed = 1; seed <= 20; seed++) {
      there += signal(SampleData.shuffled(data, seed)).isThere() ? 1 : 0;
    }
    assertThat(there).as("of 20 orders that say nothing").isLessThanOrEqualTo(2);
  }

  @Test
  void takes_a_gain_within_two_standard_errors_for_chance() {
    assertThat(new OrderSignal(new Estimate(0.021, 0.01, 100)).isThere()).isTrue();
    assertThat(new OrderSignal(new Estimate(0.019, 0.01, 100)).isThere()).isFalse();
    assertThat(new OrderSignal(new Estimate(-0.1, 0.01, 100)).isThere()).isFalse();
    assertThat(new OrderSignal(new Estimate(0, 0, 100)).isThere()).isFalse();
  }

  @Test
  void is_there_on_movielens() throws DataSetException {
    assertThat(signal(SampleData.movieLens()).isThere()).isTrue();
  }

  @Test
  void is_not_asked_for_without_times() {
    HonestSplit split =
        HonestSplit.of(
            SampleData.untimed(300, new int[] {0, 1, 2, 3, 4}, new int[] {4, 3, 2, 1, 0}), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> OrderSignal.of(split, RECENCY))
        .withMessage("sample has no times, so there is no order to ask about");
  }

  @Test
  void neighbours_are_the_items_with_the_same_users_and_the_latest_can_count_more() {
    // Training items are all but the last two. 5 is with 1 twice, 6 with 2 once.
    HonestSplit split =
        HonestSplit.of(
            SampleData.timed(
                220,
                new int[] {1, 3, 2, 9, 8},
                new int[] {1, 5, 4, 9, 8},
                new int[] {1, 5, 7, 9, 8},
                new int[] {2, 6, 4, 9, 8}),
            1);
    ItemNeighbours neighbours = ItemNeighbours.of(split);
    int[] candidates = {5, 6, 9};
    float[] alike = new float[3];
    float[] latest = new float[3];

    neighbours.scorer(Recency.NONE).score(0, candidates, alike);
    neighbours.scorer(new Recency(1, 0.1)).score(0, candidates, latest);

    float withOne = (float) (2 / Math.sqrt(3 * 2)) / 3;
    float withTwo = (float) (1 / Math.sqrt(2 * 1)) / 3;
    assertThat(alike).containsExactly(new float[] {withOne, withTwo, 0}, within(1e-6F));
    assertThat(latest[1]).isCloseTo(3 * withTwo, within(0.01F));
    assertThat(latest[0]).isLessThan(0.01F);
  }

  private static OrderSignal signal(InteractionDataSet data) {
    return OrderSignal.of(HonestSplit.of(data, 1), RECENCY);
  }
}
