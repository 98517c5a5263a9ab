package io.tacit.simulation.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.simulation.data.SampleData;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NegativeSamplerTest {

  private final HonestSplit split =
      HonestSplit.of(
          SampleData.timed(205, new int[] {0, 1, 2, 3, 4}, new int[] {5, 6, 7, 8, 9}), 1);

  @Test
  void honest_sampling_draws_everything_outside_the_training_items() {
    assertThat(drawn(NegativeSampling.HONEST)).hasSize(202).doesNotContain(0, 1, 2).contains(3, 4);
  }

  @Test
  void the_papers_sampler_never_draws_a_held_out_item() {
    assertThat(drawn(NegativeSampling.PAPERS_SAMPLER)).hasSize(200).doesNotContain(0, 1, 2, 3, 4);
    assertThat(NegativeSampling.PAPERS_SAMPLER.label()).isEqualTo("papers-sampler");
  }

  @Test
  void draws_each_item_equally_often() {
    NegativeSampler sampler = new NegativeSampler(5, new int[] {2});
    int[] times = new int[5];
    SplittableRandom random = new SplittableRandom(1);

    IntStream.range(0, 4000).forEach(draw -> times[sampler.draw(random)]++);

    assertThat(times[2]).isZero();
    for (int item : new int[] {0, 1, 3, 4}) { // 1000 expected, standard deviation 27
      assertThat(times[item]).isBetween(880, 1120);
    }
  }

  @Test
  void refuses_to_exclude_everything() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NegativeSampler(2, new int[] {0, 1}))
        .withMessage("all 2 items are excluded; at least one must be left to draw");
  }

  private Set<Integer> drawn(NegativeSampling sampling) {
    NegativeSampler sampler = sampling.forUser(split, 0);
    SplittableRandom random = new SplittableRandom(1);
    return IntStream.range(0, 20_000)
        .mapToObj(draw -> sampler.draw(random))
        .collect(Collectors.toSet());
  }
}
