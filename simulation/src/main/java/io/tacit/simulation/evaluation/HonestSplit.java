package io.tacit.simulation.evaluation;

import io.tacit.simulation.data.Interaction;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.UserHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A data set divided, user by user, into items to train on, one item for validation, one for test,
 * and for each of these two the items it must beat.
 *
 * <p>Of repeated interactions with an item the first counts; users with fewer than {@link
 * #ITEMS_PER_USER_MIN} items are left out. With times, the last item is for test and the last but
 * one for validation. Without times both are drawn at random per user, and the remaining items come
 * in random order: a file's order can be one global order of items, in which position alone would
 * give the test item away. The {@link #NEGATIVES} items each is ranked against are drawn once per
 * user from those that the user never touched, disjoint between test and validation.
 *
 * <p>Immutable; returned arrays are copies. A user's split depends on the seed and the user, not on
 * which other users are in the sample.
 */
public final class HonestSplit {

  /** Users with fewer different items are left out. */
  public static final int ITEMS_PER_USER_MIN = 5;

  /** How many items that the user never touched each held-out item is ranked against. */
  public static final int NEGATIVES = 99;

  private static final int NOT_HELD_OUT = -1;

  private static final int USERS_MIN = 2; // a standard error needs two

  private final InteractionDataSet data;
  private final long seed;
  private final List<UserSplit> users;

  @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out uncopied
  private record UserSplit(
      int dataSetUser,
      int[] training,
      int validationItem,
      int testItem,
      int[] validationNegatives,
      int[] testNegatives) {}

  private HonestSplit(InteractionDataSet data, long seed, List<UserSplit> users) {
    this.data = data;
    this.seed = seed;
    this.users = users;
  }

  /**
   * Splits all users who have enough items.
   *
   * @throws IllegalArgumentException if fewer than two users have, or one leaves too few items
   *     untouched
   */
  public static HonestSplit of(InteractionDataSet data, long seed) {
    return of(data, seed, data.users().size());
  }

  /**
   * Splits a random sample of the users who have enough items.
   *
   * @param usersMax size of the sample; all are taken if there are no more
   * @throws IllegalArgumentException if fewer than two users have, or one leaves too few items
   *     untouched
   */
  public static HonestSplit of(InteractionDataSet data, long seed, int usersMax) {
    int[][] itemsOfUser =
        data.users().stream().map(HonestSplit::distinctItems).toArray(int[][]::new);
    int[] eligible =
        IntStream.range(0, itemsOfUser.length)
            .filter(user -> itemsOfUser[user].length >= ITEMS_PER_USER_MIN)
            .toArray();
    int sampleSize = Math.min(usersMax, eligible.length);
    if (sampleSize < USERS_MIN) {
      throw new IllegalArgumentException(
          "%s has %d users with at least %d items, and %d are wanted; an evaluation needs at least %d"
              .formatted(data.name(), eligible.length, ITEMS_PER_USER_MIN, usersMax, USERS_MIN));
    }
    drawToFront(eligible, sampleSize, UserRandom.of(seed, "sample", 0));
    int[] sample = Arrays.copyOf(eligible, sampleSize);
    Arrays.sort(sample);
    List<UserSplit> users = new ArrayList<>();
    for (int user : sample) {
      users.add(split(data, user, itemsOfUser[user], seed));
    }
    return new HonestSplit(data, seed, users);
  }

  private static UserSplit split(InteractionDataSet data, int user, int[] items, long seed) {
    if (!data.timed()) {
      drawToFront(items, items.length, UserRandom.of(seed, "order", user));
    }
    int[] untouched = untouched(items, data.items().size());
    if (untouched.length < 2 * NEGATIVES) {
      throw new IllegalArgumentException(
          "user %s of %s has touched %d of %d items; at least %d must be untouched: take a data set with more items"
              .formatted(
                  data.users().get(user).externalId(),
                  data.name(),
                  items.length,
                  data.items().size(),
                  2 * NEGATIVES));
    }
    drawToFront(untouched, 2 * NEGATIVES, UserRandom.of(seed, "negatives", user));
    int last = items.length - 1;
    return new UserSplit(
        user,
        Arrays.copyOf(items, last - 1),
        items[last - 1],
        items[last],
        Arrays.copyOfRange(untouched, NEGATIVES, 2 * NEGATIVES),
        Arrays.copyOf(untouched, NEGATIVES));
  }

  private static int[] distinctItems(UserHistory user) {
    return user.interactions().stream().mapToInt(Interaction::item).distinct().toArray();
  }

  private static int[] untouched(int[] items, int itemCount) {
    BitSet touched = new BitSet(itemCount);
    for (int item : items) {
      touched.set(item);
    }
    return IntStream.range(0, itemCount).filter(item -> !touched.get(item)).toArray();
  }

  /** Moves {@code count} elements, drawn without replacement, to the front (Fisher and Yates). */
  private static void drawToFront(int[] values, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i, values.length);
      int drawn = values[j];
      values[j] = values[i];
      values[i] = drawn;
    }
  }

  /**
   * The same split of fewer users, who keep their items and negatives; they are numbered anew, in
   * their order.
   *
   * @param kept users of this split
   * @throws IllegalArgumentException if fewer than two are kept
   */
  public HonestSplit restrictedTo(IntPredicate kept) {
    List<UserSplit> fewer =
        IntStream.range(0, users.size()).filter(kept).mapToObj(users::get).toList();
    if (fewer.size() < USERS_MIN) {
      throw new IllegalArgumentException(
          fewer.size() + " users would be left of the split, must be at least " + USERS_MIN);
    }
    return new HonestSplit(data, seed, fewer);
  }

  /**
   * This split and, numbered after its users, those of the data set whose histories are too short
   * to be tested on: all of their items are for training.
   *
   * @param itemsMin different items that they have at the least, 1 to {@value #ITEMS_PER_USER_MIN}
   *     - 1
   */
  public HonestSplit withShorterHistories(int itemsMin) {
    if (itemsMin < 1 || itemsMin >= ITEMS_PER_USER_MIN) {
      throw new IllegalArgumentException(
          "items of a user that is trained on only are "
              + itemsMin
              + " at the least, must be 1 to "
              + (ITEMS_PER_USER_MIN - 1));
    }
    List<UserSplit> more = new ArrayList<>(users);
    for (int user = 0; user < data.users().size(); user++) {
      int[] items = distinctItems(data.users().get(user));
      if (items.length >= itemsMin && items.length < ITEMS_PER_USER_MIN) {
        more.add(new UserSplit(user, items, NOT_HELD_OUT, NOT_HELD_OUT, new int[0], new int[0]));
      }
    }
    return new HonestSplit(data, seed, more);
  }

  /** The same split, in which each user has done no more than so many first training items. */
  public HonestSplit beginning(int items) {
    return new HonestSplit(
        data,
        seed,
        users.stream()
            .map(
                user ->
                    new UserSplit(
                        user.dataSetUser(),
                        Arrays.copyOf(user.training(), Math.min(items, user.training().length)),
                        user.validationItem(),
                        user.testItem(),
                        user.validationNegatives(),
                        user.testNegatives()))
            .toList());
  }

  /** How many users take part. */
  public int userCount() {
    return users.size();
  }

  /** How many items the catalogue has. */
  public int itemCount() {
    return data.items().size();
  }

  /** The data set that was split. */
  public InteractionDataSet data() {
    return data;
  }

  /** The index, in the data set, of a user of this split. */
  public int dataSetUser(int user) {
    return users.get(user).dataSetUser();
  }

  /** The items to train on, different from each other, earliest first where there are times. */
  public int[] training(int user) {
    return users.get(user).training().clone();
  }

  /**
   * The item that is to be predicted.
   *
   * @throws IllegalArgumentException if the user is trained on only
   */
  public int heldOutItem(int user, HeldOut heldOut) {
    UserSplit split = users.get(user);
    if (split.testItem() == NOT_HELD_OUT) {
      throw new IllegalArgumentException(
          "user " + user + " has no held-out item, its history is too short to be tested on");
    }
    return heldOut == HeldOut.TEST ? split.testItem() : split.validationItem();
  }

  /** The items that the user never touched and that the held-out item is ranked against. */
  public int[] negatives(int user, HeldOut heldOut) {
    UserSplit split = users.get(user);
    return (heldOut == HeldOut.TEST ? split.testNegatives() : split.validationNegatives()).clone();
  }

  /** The rules of this split in two sentences; belongs beside every number in a report. */
  public String rule() {
    String heldOut =
        data.timed()
            ? "last item for test, last but one for validation, " + data.orderRule()
            : "test and validation item drawn at random per user (" + data.orderRule() + ")";
    return "Split: %s. Seed %d, repeated items removed, users with at least %d items, %d negatives that the user never touched."
        .formatted(heldOut, seed, ITEMS_PER_USER_MIN, NEGATIVES);
  }
}
