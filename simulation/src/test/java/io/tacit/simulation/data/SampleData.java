package io.tacit.simulation.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tacit.protocol.model.SplitMix64;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Data sets for tests: tiny ones by hand, the shipped one, and the one that testers supply. */
public final class SampleData {

  private static final String MOVIELENS_VARIABLE = "TACIT_MOVIELENS";

  /** A column counts a tenth of what an item's own row does; so many say the same. */
  private static final int COLUMNS = 10;

  private static final int GROUPS = 12;

  private static final int WALKED_ITEMS = 300;
  private static final int WALK_LENGTH = 12;

  private SampleData() {}

  /** Users with these items in this order, without times. */
  public static InteractionDataSet untimed(int itemCount, int[]... itemsOfUser) {
    return of(false, itemCount, itemsOfUser);
  }

  /** Users with these items at the times 0, 1, 2, ... */
  public static InteractionDataSet timed(int itemCount, int[]... itemsOfUser) {
    return of(true, itemCount, itemsOfUser);
  }

  private static InteractionDataSet of(boolean timed, int itemCount, int[]... itemsOfUser) {
    List<Item> items =
        IntStream.range(0, itemCount)
            .mapToObj(item -> new Item("i" + item, "Item " + item, List.of()))
            .toList();
    List<UserHistory> users = new ArrayList<>();
    for (int[] sequence : itemsOfUser) {
      List<Interaction> interactions = new ArrayList<>();
      for (int item : sequence) {
        interactions.add(new Interaction(item, timed ? interactions.size() : 0, 1));
      }
      users.add(new UserHistory("u" + users.size(), interactions));
    }
    return new InteractionDataSet("sample", timed, "in order of the test", List.of(), items, users);
  }

  /**
   * Users who walk through 300 items: from an item to the one behind it, or, two times in five, to
   * any. What comes next follows from the last item alone.
   */
  public static InteractionDataSet sequences(int userCount) {
    SplitMix64 random = new SplitMix64(1);
    return timed(
        WALKED_ITEMS, Stream.generate(() -> walk(random)).limit(userCount).toArray(int[][]::new));
  }

  private static int[] walk(SplitMix64 random) {
    Set<Integer> walk = new LinkedHashSet<>();
    int at = random.nextInt(WALKED_ITEMS);
    while (walk.size() < WALK_LENGTH) {
      walk.add(at);
      at = random.nextInt(5) < 2 ? random.nextInt(WALKED_ITEMS) : (at + 1) % WALKED_ITEMS;
    }
    return walk.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The same users with the same items, in any order. */
  public static InteractionDataSet shuffled(InteractionDataSet data, long seed) {
    SplitMix64 random = new SplitMix64(seed);
    int[][] itemsOfUser =
        data.users().stream()
            .map(user -> user.interactions().stream().mapToInt(Interaction::item).toArray())
            .map(items -> shuffled(items, random))
            .toArray(int[][]::new);
    return timed(data.items().size(), itemsOfUser);
  }

  private static int[] shuffled(int[] items, SplitMix64 random) {
    for (int last = items.length - 1; last > 0; last--) {
      int drawn = random.nextInt(last + 1);
      int item = items[drawn];
      items[drawn] = items[last];
      items[last] = item;
    }
    return items;
  }

  /** What the attribute of a user in {@link #grouped} is. */
  public enum Told {
    /** The user's group. */
    OWN_GROUP,
    /** A group drawn at random, which says nothing. */
    ANY_GROUP
  }

  /**
   * Users of {@value #GROUPS} groups, who chose eight items of their group each, each of them as
   * likely; ten columns of attributes each say which group an item belongs to, and which a user, or
   * so they pretend.
   */
  public static InteractionDataSet grouped(int userCount, int itemCount, Told told) {
    SplitMix64 random = new SplitMix64(1);
    List<Item> items = new ArrayList<>();
    for (int item = 0; item < itemCount; item++) {
      items.add(new Item("i" + item, "Item " + item, Collections.nCopies(COLUMNS, group(item))));
    }
    List<UserHistory> users = new ArrayList<>();
    for (int user = 0; user < userCount; user++) {
      int group = user % GROUPS;
      List<Interaction> interactions =
          IntStream.generate(() -> GROUPS * random.nextInt(itemCount / GROUPS) + group)
              .distinct()
              .limit(8)
              .mapToObj(item -> new Interaction(item, 0, 1))
              .toList();
      int any = random.nextInt(GROUPS);
      int said = told == Told.OWN_GROUP ? group : any;
      users.add(
          new UserHistory("u" + user, interactions, Collections.nCopies(COLUMNS, group(said))));
    }
    List<AttributeField> schema =
        IntStream.range(0, COLUMNS)
            .mapToObj(column -> AttributeField.label("group-" + column))
            .toList();
    return new InteractionDataSet(
        "grouped", false, "there is no order", schema, items, schema, users);
  }

  private static ItemAttribute group(int number) {
    return new ItemAttribute.Label("g" + number % GROUPS);
  }

  /** Where the shipped MSWeb file is. */
  public static Path msWebFile() {
    return Path.of(System.getProperty("tacit.root"), "deploy/data/msweb/anonymous-msweb.data");
  }

  /** The shipped MSWeb data. */
  public static InteractionDataSet msWeb() throws DataSetException {
    return MsWebFile.load(msWebFile());
  }

  /** The directory of MovieLens-100K; skips the test where nobody supplied one. */
  public static Path movieLensDirectory() {
    String path = System.getenv(MOVIELENS_VARIABLE);
    assumeTrue(
        path != null && !path.isBlank(),
        MOVIELENS_VARIABLE
            + " is not set and MovieLens-100K may not be redistributed; remedy: unpack ml-100k.zip"
            + " from grouplens.org/datasets/movielens/100k and set "
            + MOVIELENS_VARIABLE
            + " to the directory that holds u.data, u.item and u.user");
    return Path.of(path);
  }

  /** MovieLens-100K; skips the test where nobody supplied it. */
  public static InteractionDataSet movieLens() throws DataSetException {
    return MovieLensFiles.load(movieLensDirectory());
  }
}
