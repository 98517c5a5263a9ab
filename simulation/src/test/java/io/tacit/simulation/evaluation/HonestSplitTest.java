package io.tacit.simulation.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.simulation.data.Interaction;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HonestSplitTest {

  private static final int ITEMS = 220;
  private static final int[] A = {3, 1, 4, 15, 9, 2, 6};
  private static final int[] B = {8, 7, 6, 5, 4};

  @Test
  void with_times_the_last_item_is_for_test_and_the_last_but_one_for_validation() {
    HonestSplit split = HonestSplit.of(SampleData.timed(ITEMS, A, B), 1);

    assertThat(split.training(0)).containsExactly(3, 1, 4, 15, 9);
    assertThat(split.heldOutItem(0, HeldOut.VALIDATION)).isEqualTo(2);
    assertThat(split.heldOutItem(0, HeldOut.TEST)).isEqualTo(6);
    assertThat(split.training(1)).containsExactly(8, 7, 6);
  }

  @Test
  void of_repeated_items_the_first_counts() {
    HonestSplit split =
        HonestSplit.of(SampleData.timed(ITEMS, new int[] {1, 2, 1, 3, 4, 5, 2, 1}, B), 1);

    assertThat(split.training(0)).containsExactly(1, 2, 3);
    assertThat(split.heldOutItem(0, HeldOut.VALIDATION)).isEqualTo(4);
    assertThat(split.heldOutItem(0, HeldOut.TEST)).isEqualTo(5);
  }

  @Test
  void leaves_out_users_with_fewer_than_five_different_items() {
    HonestSplit split =
        HonestSplit.of(SampleData.timed(ITEMS, A, new int[] {1, 2, 3, 4, 4, 1}, B), 1);

    assertThat(split.userCount()).isEqualTo(2);
    assertThat(split.dataSetUser(0)).isEqualTo(0);
    assertThat(split.dataSetUser(1)).isEqualTo(2);
  }

  @Test
  void without_times_every_item_is_for_test_equally_often() {
    InteractionDataSet data = SampleData.untimed(ITEMS, A, B);
    int[] timesForTest = new int[ITEMS];
    int[] timesForValidation = new int[ITEMS];
    int seeds = 2000;

    for (int seed = 0; seed < seeds; seed++) {
      HonestSplit split = HonestSplit.of(data, seed);
      timesForTest[split.heldOutItem(1, HeldOut.TEST)]++;
      timesForValidation[split.heldOutItem(1, HeldOut.VALIDATION)]++;
    }

    for (int item : B) { // 400 expected, standard deviation 18
      assertThat(timesForTest[item]).isBetween(320, 480);
      assertThat(timesForValidation[item]).isBetween(320, 480);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothing_leaks(long seed) {
    for (boolean timed : new boolean[] {true, false}) {
      InteractionDataSet data = randomData(seed, timed);
      HonestSplit split = HonestSplit.of(data, seed);
      for (int user = 0; user < split.userCount(); user++) {
        Set<Integer> touched = touched(data, split.dataSetUser(user));
        List<Integer> divided = new ArrayList<>(boxed(split.training(user)));
        divided.add(split.heldOutItem(user, HeldOut.VALIDATION));
        divided.add(split.heldOutItem(user, HeldOut.TEST));
        List<Integer> negatives = new ArrayList<>(boxed(split.negatives(user, HeldOut.TEST)));
        negatives.addAll(boxed(split.negatives(user, HeldOut.VALIDATION)));

        assertThat(divided)
            .as("each item of user %s once, seed %s", user, seed)
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(touched);
        assertThat(negatives)
            .as("99 negatives each, never touched, user %s, seed %s", user, seed)
            .hasSize(198)
            .doesNotHaveDuplicates()
            .doesNotContainAnyElementsOf(touched);
      }
    }
  }

  @Test
  void the_same_seed_gives_the_same_split_and_another_seed_another() {
    InteractionDataSet data = randomData(1, false);

    assertThat(described(HonestSplit.of(data, 5)))
        .isEqualTo(described(HonestSplit.of(data, 5)))
        .doesNotContainAnyElementsOf(described(HonestSplit.of(data, 6)));
  }

  @Test
  void a_sample_has_the_wanted_size_and_leaves_each_users_split_as_it_was() {
    InteractionDataSet data = randomData(3, false);
    HonestSplit all = HonestSplit.of(data, 5);

    HonestSplit sample = HonestSplit.of(data, 5, 10);

    assertThat(sample.userCount()).isEqualTo(10);
    assertThat(described(all)).containsSubsequence(described(sample));
  }

  @Test
  void another_seed_samples_other_users() {
    InteractionDataSet data = randomData(3, false);

    assertThat(dataSetUsers(HonestSplit.of(data, 1, 10)))
        .isNotEqualTo(dataSetUsers(HonestSplit.of(data, 2, 10)));
  }

  @Test
  void callers_cannot_change_the_split() {
    HonestSplit split = HonestSplit.of(SampleData.timed(ITEMS, A, B), 1);

    Arrays.fill(split.training(0), -1);
    Arrays.fill(split.negatives(0, HeldOut.TEST), -1);

    assertThat(split.training(0)).doesNotContain(-1);
    assertThat(split.negatives(0, HeldOut.TEST)).doesNotContain(-1);
  }

  @Test
  void refuses_a_user_who_leaves_too_few_items_untouched() {
    int[] many = IntStream.range(0, 23).toArray();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> HonestSplit.of(SampleData.timed(ITEMS, B, many), 1))
        .withMessage(
            "user u1 of sample has touched 23 of 220 items; at least 198 must be untouched:"
                + " take a data set with more items");
  }

  @Test
  void refuses_fewer_than_two_users() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HonestSplit.of(SampleData.timed(ITEMS, A, new int[] {1}), 1))
        .withMessage(
            "sample has 1 users with at least 5 items, and 2 are wanted;"
                + " an evaluation needs at least 2");
  }

  @Test
  void states_its_rules() {
    assertThat(HonestSplit.of(SampleData.timed(ITEMS, A, B), 7).rule())
        .isEqualTo(
            "Split: last item for test, last but one for validation, in order of the test."
                + " Seed 7, repeated items removed, users with at least 5 items,"
                + " 99 negatives that the user never touched.");
    assertThat(HonestSplit.of(SampleData.untimed(ITEMS, A, B), 7).rule())
        .startsWith(
            "Split: test and validation item drawn at random per user (in order of the test).");
  }

  private static InteractionDataSet randomData(long seed, boolean timed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] users = new int[40][];
    for (int user = 0; user < users.length; user++) {
      users[user] = random.ints(random.nextInt(12, 40), 0, 300).toArray();
    }
    return timed ? SampleData.timed(300, users) : SampleData.untimed(300, users);
  }

  private static Set<Integer> touched(InteractionDataSet data, int user) {
    Set<Integer> items = new HashSet<>();
    for (Interaction interaction : data.users().get(user).interactions()) {
      items.add(interaction.item());
    }
    return items;
  }

  private static List<String> described(HonestSplit split) {
    return IntStream.range(0, split.userCount())
        .mapToObj(
            user ->
                split.dataSetUser(user)
                    + Arrays.toString(split.training(user))
                    + split.heldOutItem(user, HeldOut.VALIDATION)
                    + Arrays.toString(split.negatives(user, HeldOut.VALIDATION))
                    + split.heldOutItem(user, HeldOut.TEST)
                    + Arrays.toString(split.negatives(user, HeldOut.TEST)))
        .toList();
  }

  private static List<Integer> dataSetUsers(HonestSplit split) {
    return IntStream.range(0, split.userCount()).map(split::dataSetUser).boxed().toList();
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  @Test
  void of_fewer_users_each_keeps_items_and_negatives() {
    HonestSplit all =
        HonestSplit.of(
            SampleData.timed(
                210,
                new int[] {1, 2, 3, 4, 5},
                new int[] {6, 7, 8, 9, 10},
                new int[] {11, 12, 13, 14, 15}),
            1);

    HonestSplit fewer = all.restrictedTo(user -> user != 1);

    assertThat(fewer.userCount()).isEqualTo(2);
    assertThat(fewer.training(1)).containsExactly(all.training(2));
    assertThat(fewer.heldOutItem(1, HeldOut.TEST)).isEqualTo(15);
    assertThat(fewer.negatives(1, HeldOut.TEST)).containsExactly(all.negatives(2, HeldOut.TEST));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> all.restrictedTo(user -> user == 1))
        .withMessage("1 users would be left of the split, must be at least 2");
  }

  @Test
  void of_a_beginning_no_user_has_done_more_than_that() {
    HonestSplit all =
        HonestSplit.of(
            SampleData.timed(210, new int[] {1, 2, 3, 4, 5}, new int[] {6, 7, 8, 9, 10, 11}), 1);

    assertThat(all.beginning(2).training(0)).containsExactly(1, 2);
    assertThat(all.beginning(0).training(1)).isEmpty();
    assertThat(all.beginning(9).training(1)).containsExactly(6, 7, 8, 9);
    assertThat(all.beginning(2).heldOutItem(0, HeldOut.TEST)).isEqualTo(5);
  }
}
