package io.tacit.simulation.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * MovieLens-100K (GroupLens, 1998), from a path that the user supplies: its terms forbid
 * redistribution, so nothing of it may be stored with this program.
 */
final class MovieLensFiles {

  static final String RATINGS_MD5 = "6e47046882bad158b0efbb84cd5cb987";
  static final String RATINGS_FILE = "u.data";
  static final String ITEMS_FILE = "u.item";
  static final String USERS_FILE = "u.user";

  private static final List<String> GENRES =
      List.of(
          "unknown",
          "Action",
          "Adventure",
          "Animation",
          "Children's",
          "Comedy",
          "Crime",
          "Documentary",
          "Drama",
          "Fantasy",
          "Film-Noir",
          "Horror",
          "Musical",
          "Mystery",
          "Romance",
          "Sci-Fi",
          "Thriller",
          "War",
          "Western");
  private static final int DATE_COLUMN = 2;
  private static final int FIRST_GENRE_COLUMN = 5;
  private static final Pattern RATING_LINE =
      Pattern.compile("[0-9]{1,9}\t[0-9]{1,9}\t[1-5]\t[0-9]{1,18}");
  private static final Pattern ITEM_LINE =
      Pattern.compile("[0-9]{1,9}(\\|[^|]*){4}(\\|[01]){" + GENRES.size() + "}");

  private static final Pattern USER_LINE =
      Pattern.compile("[0-9]{1,9}\\|[0-9]{1,3}\\|[MF]\\|[a-z]{1,32}\\|[^|]*");

  private static final List<AttributeField> USER_SCHEMA =
      List.of(
          AttributeField.quantity("age", "years"),
          AttributeField.label("gender"),
          AttributeField.label("occupation"));

  private MovieLensFiles() {}

  /**
   * Loads the set.
   *
   * @param path {@code u.data}, or the directory that has it; {@code u.item} and {@code u.user} lie
   *     beside it
   */
  static InteractionDataSet load(Path path) throws DataSetException {
    Path ratingsPath = Files.isDirectory(path) ? path.resolve(RATINGS_FILE) : path;
    DataFile ratings = DataFile.read(ratingsPath);
    // Before the checksum, because a line says more about what is wrong.
    InteractionDataSet data =
        parse(
            ratings,
            DataFile.read(ratingsPath.resolveSibling(ITEMS_FILE)),
            DataFile.read(ratingsPath.resolveSibling(USERS_FILE)));
    if (!ratings.md5().equals(RATINGS_MD5)) {
      throw new DataSetException.WrongChecksum(
          ratingsPath,
          ratings.md5(),
          RATINGS_MD5,
          "give the u.data of ml-100k.zip from grouplens.org/datasets/movielens/100k, unchanged");
    }
    return data;
  }

  /** The set in three files of the published form, whatever their checksum. */
  static InteractionDataSet parse(DataFile ratings, DataFile catalogue, DataFile people)
      throws DataSetException {
    Map<Integer, List<ItemAttribute>> known = people(people);
    Map<String, Integer> indexOfItem = new HashMap<>();
    List<Item> items = items(catalogue, indexOfItem);
    Map<Integer, List<Interaction>> users = new TreeMap<>();
    for (int index = 0; index < ratings.lines().size(); index++) {
      String line = ratings.lines().get(index);
      if (!RATING_LINE.matcher(line).matches()) {
        throw ratings.malformed(
            index, "four columns divided by tabs: user, item, rating 1 to 5, seconds since 1970");
      }
      String[] columns = line.split("\t");
      Integer item = indexOfItem.get(columns[1]);
      if (item == null) {
        throw new DataSetException.UnknownItem(ratings.path(), index + 1, columns[1], items.size());
      }
      if (!known.containsKey(Integer.valueOf(columns[0]))) {
        throw ratings.malformed(index, "a user who is in " + people.path().getFileName());
      }
      users
          .computeIfAbsent(Integer.valueOf(columns[0]), user -> new ArrayList<>())
          .add(new Interaction(item, Long.parseLong(columns[3]), Float.parseFloat(columns[2])));
    }
    return new InteractionDataSet(
        "movielens-100k",
        true,
        "by time of rating; at equal times the earlier line of u.data counts as earlier",
        List.of(AttributeField.labels("genres"), AttributeField.label("year")),
        items,
        USER_SCHEMA,
        users.entrySet().stream()
            .map(e -> history(e.getKey(), e.getValue(), known.getOrDefault(e.getKey(), List.of())))
            .toList());
  }

  private static Map<Integer, List<ItemAttribute>> people(DataFile people) throws DataSetException {
    Map<Integer, List<ItemAttribute>> known = new HashMap<>();
    for (int index = 0; index < people.lines().size(); index++) {
      String line = people.lines().get(index);
      if (!USER_LINE.matcher(line).matches()) {
        throw people.malformed(
            index, "five columns divided by |: user, age, M or F, occupation, postal code");
      }
      String[] columns = line.split("\\|", -1);
      known.put(
          Integer.valueOf(columns[0]),
          List.of(
              new ItemAttribute.Quantity(Integer.parseInt(columns[1])),
              new ItemAttribute.Label(columns[2]),
              new ItemAttribute.Label(columns[3])));
    }
    return known;
  }

  private static UserHistory history(
      int user, List<Interaction> inFileOrder, List<ItemAttribute> attributes) {
    List<Interaction> ordered = new ArrayList<>(inFileOrder);
    ordered.sort(Comparator.comparingLong(Interaction::epochSeconds)); // stable: ties keep order
    return new UserHistory(Integer.toString(user), ordered, attributes);
  }

  private static List<Item> items(DataFile catalogue, Map<String, Integer> indexOfItem)
      throws DataSetException {
    List<Item> items = new ArrayList<>();
    for (int index = 0; index < catalogue.lines().size(); index++) {
      String line = catalogue.lines().get(index);
      if (!ITEM_LINE.matcher(line).matches()) {
        throw catalogue.malformed(
            index,
            "24 columns divided by |: id, title, two dates, address, and 19 genres as 0 or 1");
      }
      String[] columns = line.split("\\|", -1);
      if (indexOfItem.putIfAbsent(columns[0], items.size()) != null) {
        throw catalogue.malformed(index, "an item whose id was not given before");
      }
      List<String> genres = new ArrayList<>();
      for (int genre = 0; genre < GENRES.size(); genre++) {
        if (columns[FIRST_GENRE_COLUMN + genre].equals("1")) {
          genres.add(GENRES.get(genre));
        }
      }
      String date = columns[DATE_COLUMN];
      String year = date.substring(Math.max(0, date.length() - 4));
      items.add(
          new Item(
              columns[0],
              columns[1],
              List.of(new ItemAttribute.Labels(genres), new ItemAttribute.Label(year))));
    }
    return items;
  }
}
