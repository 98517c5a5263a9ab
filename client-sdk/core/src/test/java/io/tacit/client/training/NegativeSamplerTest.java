package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.model.SplitMix64;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NegativeSamplerTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void draws_distinct_items_that_are_not_the_devices_own(long seed) {
    int[] own = {0, 1, 5, 17, 99, 50};
    NegativeSampler sampler = new NegativeSampler(own, 100, 40);
    SplitMix64 random = new SplitMix64(seed);
    int[] target = new int[45];
    for (int round = 0; round < 100; round++) {
      assertThat(sampler.draw(40, random, target, 5)).isEqualTo(40);
      int[] drawn = Arrays.copyOfRange(target, 5, 45);
      assertThat(drawn).doesNotHaveDuplicates().doesNotContain(own);
      assertThat(IntStream.of(drawn)).allMatch(item -> item >= 0 && item < 100);
    }
  }

  @Test
  void draws_all_there_are_when_more_are_wanted() {
    NegativeSampler sampler = new NegativeSampler(new int[] {2, 0, 4}, 6, 100);
    int[] target = new int[100];
    assertThat(sampler.draw(100, new SplitMix64(1), target, 0)).isEqualTo(3);
    assertThat(Arrays.copyOf(target, 3)).containsExactlyInAnyOrder(1, 3, 5);
  }

  @Test
  void finds_the_one_item_that_is_not_own_among_a_million() {
    int[] own = new int[999_999];
    for (int i = 0; i < own.length; i++) {
      own[i] = i < 123_456 ? i : i + 1;
    }
    int[] target = new int[4];
    assertThat(new NegativeSampler(own, 1_000_000, 4).draw(4, new SplitMix64(1), target, 0))
        .isEqualTo(1);
    assertThat(target[0]).isEqualTo(123_456);
  }

  @Test
  void draws_nothing_when_every_item_is_own() {
    NegativeSampler sampler = new NegativeSampler(new int[] {0, 1, 2}, 3, 4);
    assertThat(sampler.draw(4, new SplitMix64(1), new int[4], 0)).isZero();
  }

  /** 60,000 draws of 2 from 6: each item 20,000 times, standard deviation about 115. */
  @Test
  void draws_every_item_equally_often() {
    NegativeSampler sampler = new NegativeSampler(new int[] {1, 4}, 8, 2);
    SplitMix64 random = new SplitMix64(42);
    int[] counts = new int[8];
    int[] target = new int[2];
    for (int i = 0; i < 60_000; i++) {
      sampler.draw(2, random, target, 0);
      counts[target[0]]++;
      counts[target[1]]++;
    }
    assertThat(counts[1] + counts[4]).isZero();
    for (int item : new int[] {0, 2, 3, 5, 6, 7}) {
      assertThat(counts[item]).as("item %d", item).isBetween(19_400, 20_600);
    }
  }
}
