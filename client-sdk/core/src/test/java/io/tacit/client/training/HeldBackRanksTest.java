package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.testing.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeldBackRanksTest {

  private static HeldBackRanks ranks(float[] heldBack, float... others) {
    HeldBackRanks ranks = new HeldBackRanks(heldBack);
    ranks.add(others, others.length);
    return ranks;
  }

  private static float[] same(float score, int count) {
    float[] scores = new float[count];
    Arrays.fill(scores, score);
    return scores;
  }

  @Test
  void the_best_of_all_has_one_in_both() {
    HeldBackRanks ranks = ranks(new float[] {3}, 1, 2, -5);

    assertThat(ranks.hitRate()).isEqualTo(1);
    assertThat(ranks.gain()).isEqualTo(1);
  }

  /** Ranks 0, 2 and 11: log 2 over log of rank + 2 is 1, 0.5 and not counted. */
  @Test
  void three_items_of_known_ranks_have_the_means_of_theirs() {
    HeldBackRanks ranks = ranks(new float[] {0.5f, 9, 6}, 7, 8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0);

    assertThat(ranks.hitRate()).isEqualTo(2.0 / 3);
    assertThat(ranks.gain()).isCloseTo((1 + 0.5) / 3, within(1e-15));
  }

  @Test
  void the_tenth_place_counts_and_the_eleventh_does_not() {
    assertThat(ranks(new float[] {0}, same(1, 9)).hitRate()).isEqualTo(1);
    assertThat(ranks(new float[] {0}, same(1, 9)).gain())
        .isCloseTo(Math.log(2) / Math.log(11), within(1e-15));
    assertThat(ranks(new float[] {0}, same(1, 10)).hitRate()).isZero();
    assertThat(ranks(new float[] {0}, same(1, 10)).gain()).isZero();
  }

  @Test
  void ties_count_against_the_model_or_one_score_for_all_would_be_perfect() {
    assertThat(ranks(new float[] {1, 1}, same(1, 10)).hitRate()).isZero();
    assertThat(ranks(new float[] {1}, 1).gain()).isCloseTo(Math.log(2) / Math.log(3), within(1e-9));
    assertThat(ranks(new float[] {0f}, same(-0f, 10)).hitRate()).as("zeros are equal").isZero();
  }

  @Test
  void held_back_items_do_not_rank_against_each_other() {
    HeldBackRanks ranks = ranks(new float[] {12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 0);

    assertThat(ranks.hitRate()).isEqualTo(1);
    assertThat(ranks.gain()).isEqualTo(1);
  }

  @Test
  void what_is_no_number_counts_against_the_model() {
    assertThat(ranks(new float[] {Float.NaN}, same(-1e30f, 10)).hitRate()).isZero();
    assertThat(ranks(new float[] {5}, same(Float.NaN, 10)).hitRate()).isZero();
    assertThat(ranks(new float[] {Float.NaN}, same(Float.NEGATIVE_INFINITY, 10)).hitRate())
        .isZero();
    assertThat(ranks(new float[] {5}, same(Float.NaN, 9)).hitRate()).isEqualTo(1);
  }

  @Test
  void reads_no_further_than_it_is_told() {
    HeldBackRanks ranks = new HeldBackRanks(new float[] {5});
    ranks.add(same(9, 20), 3);

    assertThat(ranks.gain()).isCloseTo(Math.log(2) / Math.log(5), within(1e-15));
  }

  static LongStream seeds() {
    return Seeds.upTo(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agrees_with_counting_one_by_one_and_stays_between_zero_and_one(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] heldBack = scores(random, 1 + random.nextInt(12));
    float[] others = scores(random, random.nextInt(60));
    double hits = 0;
    double gain = 0;
    for (float own : heldBack) {
      int rank = 0;
      for (float other : others) {
        rank += Float.isNaN(own) || Float.isNaN(other) || other >= own ? 1 : 0;
      }
      hits += rank < 10 ? 1 : 0;
      gain += rank < 10 ? Math.log(2) / Math.log(rank + 2) : 0;
    }

    HeldBackRanks ranks = ranks(heldBack, others);

    assertThat(ranks.hitRate()).isEqualTo(hits / heldBack.length).isBetween(0.0, 1.0);
    assertThat(ranks.gain()).isCloseTo(gain / heldBack.length, within(1e-12)).isBetween(0.0, 1.0);
  }

  /** Few different ones, so that many are equal; some are no numbers. */
  private static float[] scores(SplittableRandom random, int count) {
    float[] scores = new float[count];
    for (int i = 0; i < count; i++) {
      scores[i] =
          switch (random.nextInt(20)) {
            case 0 -> Float.NaN;
            case 1 -> Float.POSITIVE_INFINITY;
            case 2 -> Float.NEGATIVE_INFINITY;
            default -> random.nextInt(8) - 4f;
          };
    }
    return scores;
  }
}
