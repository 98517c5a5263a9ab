package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocalTrainerHoldoutTest {

  private static int[] itemsOf(ExampleSet examples) {
    return ((InteractionExamples) examples).items();
  }

  static LongStream seeds() {
    return Seeds.upTo(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void a_device_that_only_measures_always_holds_something_back_and_keeps_something(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] items = random.ints(0, 1_000).distinct().limit(1 + random.nextInt(8)).toArray();
    double share = random.nextDouble() / 2;
    long salt = random.nextLong();

    LocalTrainerHoldout split =
        LocalTrainerHoldout.splitToMeasure(InteractionExamples.of(items), share, salt);

    int[] training = itemsOf(split.training());
    int[] heldBack = itemsOf(split.heldBack());
    assertThat(heldBack).isNotEmpty();
    assertThat(training.length > 0).isEqualTo(items.length > 1);
    int[] both =
        IntStream.concat(IntStream.of(training), IntStream.of(heldBack)).sorted().toArray();
    int[] all = items.clone();
    Arrays.sort(all);
    assertThat(both).containsExactly(all);
    assertThat(
            itemsOf(
                LocalTrainerHoldout.splitToMeasure(InteractionExamples.of(items), share, salt)
                    .heldBack()))
        .as("for good")
        .containsExactly(heldBack);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void holds_back_what_a_device_that_trains_would_hold_back(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    InteractionExamples items =
        InteractionExamples.of(random.ints(0, 1_000).distinct().limit(60).toArray());
    long salt = random.nextLong();

    int[] toTrain = itemsOf(LocalTrainerHoldout.split(items, 0.3, salt).heldBack());
    int[] toMeasure = itemsOf(LocalTrainerHoldout.splitToMeasure(items, 0.3, salt).heldBack());

    assertThat(toMeasure).containsExactly(toTrain);
    assertThat(toTrain.length).isBetween(4, 36);
  }

  @Test
  void rows_that_are_alike_stay_together() {
    TabularExamples rows = TabularExamples.of(3, new float[] {1, 1, 1}, new float[] {0, 1, 0});

    LocalTrainerHoldout split = LocalTrainerHoldout.splitToMeasure(rows, 0, 5);

    assertThat(split.training().size() + split.heldBack().size()).isEqualTo(3);
    assertThat(split.heldBack().size()).isPositive();
  }
}
