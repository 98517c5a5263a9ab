package io.tacit.simulation.data;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Any table of who did what: columns user, item and, where there are any, value and time, found by
 * the names of a header or by their places. A time is seconds or milliseconds since 1970, or an ISO
 * date with or without a time of day (UTC).
 */
final class CsvFile {

  private static final String[] USER_NAMES = {
    "user",
    "userid",
    "uid",
    "visitor",
    "visitorid",
    "customer",
    "customerid",
    "session",
    "sessionid"
  };
  private static final String[] ITEM_NAMES = {
    "item", "itemid", "iid", "product", "productid", "movie", "movieid", "article", "articleid",
    "song", "songid", "track", "trackid", "book", "bookid", "isbn", "artist", "artistid"
  };
  private static final String[] VALUE_NAMES = {
    "value", "rating", "score", "stars", "weight", "count", "plays", "bookrating"
  };
  private static final String[] TIME_NAMES = {
    "time", "timestamp", "ts", "date", "datetime", "epoch", "epochseconds", "createdat"
  };

  /** Numbers from here on are times if nothing else is said: 1973 in seconds. */
  private static final double LIKELY_TIME_MIN = 1e8;

  /** Numbers from here on are milliseconds: as seconds, they would be the year 5138. */
  private static final double MILLISECONDS_MIN = 1e11;

  private static final double TIME_MAX = 1e15;
  private static final int ID_CHARACTERS_MAX = 256;
  private static final int ABSENT = -1;

  private final CsvTable table;
  private final Columns columns;
  private final @Nullable CsvAttributes users;
  private final @Nullable CsvAttributes itemAttributes;

  private final Map<String, Integer> indexOfItem = new LinkedHashMap<>();
  private final Map<String, List<Timed>> histories = new LinkedHashMap<>();

  private CsvFile(
      CsvTable table,
      Columns columns,
      @Nullable CsvAttributes users,
      @Nullable CsvAttributes itemAttributes) {
    this.table = table;
    this.columns = columns;
    this.users = users;
    this.itemAttributes = itemAttributes;
  }

  /** Which column is what; -1 for one that is not there. */
  private record Columns(int user, int item, int value, int time, boolean header) {}

  /** An interaction with the time it is sorted by. */
  private record Timed(Interaction interaction, double seconds) {}

  /**
   * Loads a table.
   *
   * @param userAttributes table of user attributes, null without
   * @param itemAttributes table of item attributes, null without
   */
  static InteractionDataSet load(
      Path path, @Nullable Path userAttributes, @Nullable Path itemAttributes)
      throws DataSetException {
    CsvTable table = CsvTable.read(path);
    return new CsvFile(
            table,
            columns(table),
            userAttributes == null ? null : CsvAttributes.load(userAttributes),
            itemAttributes == null ? null : CsvAttributes.load(itemAttributes))
        .parse();
  }

  private static Columns columns(CsvTable table) throws DataSetException {
    OptionalInt user = table.columnNamed(USER_NAMES);
    OptionalInt item = table.columnNamed(ITEM_NAMES);
    if (user.isPresent() && item.isPresent()) {
      return new Columns(
          user.getAsInt(),
          item.getAsInt(),
          table.columnNamed(VALUE_NAMES).orElse(ABSENT),
          table.columnNamed(TIME_NAMES).orElse(ABSENT),
          true);
    }
    int count = table.columns();
    if (count > 4) {
      throw table.malformed(
          table.rows().get(0),
          "2 to 4 columns (user, item, value, time), or a header that names a column user and one"
              + " item; there are "
              + count);
    }
    return byPlace(table, count);
  }

  private static Columns byPlace(CsvTable table, int count) {
    List<CsvTable.Row> rows = table.rows();
    // A header is a first line with words where the second has numbers.
    boolean header =
        rows.size() > 1
            && count > 2
            && !isNumberOrTime(rows.get(0).field(2))
            && isNumberOrTime(rows.get(1).field(2));
    if (count == 3) {
      String third = rows.get(header ? 1 : 0).field(2);
      boolean time = !isNumber(third) || Double.parseDouble(third) >= LIKELY_TIME_MIN;
      return new Columns(0, 1, time ? ABSENT : 2, time ? 2 : ABSENT, header);
    }
    return new Columns(0, 1, count > 2 ? 2 : ABSENT, count > 3 ? 3 : ABSENT, header);
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
  }

  private static boolean isNumberOrTime(String text) {
    return isNumber(text) || !Double.isNaN(secondsOf(text));
  }

  private InteractionDataSet parse() throws DataSetException {
    if (itemAttributes != null) {
      itemAttributes.ids().forEach(id -> indexOfItem.put(id, indexOfItem.size()));
    }
    for (CsvTable.Row row : table.rows().subList(columns.header() ? 1 : 0, table.rows().size())) {
      addRow(row);
    }
    if (histories.isEmpty()) {
      throw new DataSetException.Empty(table.path(), "a header and no interactions");
    }
    List<UserHistory> all = new ArrayList<>();
    for (Map.Entry<String, List<Timed>> history : histories.entrySet()) {
      all.add(history(history.getKey(), history.getValue()));
    }
    return new InteractionDataSet(
        name(table.path()),
        columns.time() != ABSENT,
        orderRule(),
        itemAttributes == null ? List.of() : itemAttributes.schema(),
        indexOfItem.keySet().stream().map(this::item).toList(),
        users == null ? List.of() : users.schema(),
        all);
  }

  private void addRow(CsvTable.Row row) throws DataSetException {
    String user = id(row, columns.user(), "a user");
    String item = id(row, columns.item(), "an item");
    if (itemAttributes != null && !indexOfItem.containsKey(item)) {
      throw new DataSetException.UnknownItem(
          table.path(), row.index() + 1, item, indexOfItem.size());
    }
    if (users != null && !users.has(user)) {
      throw table.malformed(
          row, "a user of " + users.path() + "; user \"" + user + "\" is not there");
    }
    double seconds = columns.time() == ABSENT ? 0 : time(row);
    Integer known = indexOfItem.putIfAbsent(item, indexOfItem.size());
    int index = known != null ? known : indexOfItem.size() - 1;
    histories
        .computeIfAbsent(user, key -> new ArrayList<>())
        .add(new Timed(new Interaction(index, (long) Math.floor(seconds), value(row)), seconds));
  }

  private String id(CsvTable.Row row, int column, String what) throws DataSetException {
    String id = row.field(column);
    if (id.isEmpty() || id.length() > ID_CHARACTERS_MAX || id.indexOf('\t') >= 0) {
      throw table.malformed(
          row,
          "in column %d the id of %s, 1 to %d characters without tab"
              .formatted(column + 1, what, ID_CHARACTERS_MAX));
    }
    return id;
  }

  private float value(CsvTable.Row row) throws DataSetException {
    if (columns.value() == ABSENT) {
      return 1;
    }
    String text = row.field(columns.value());
    float value = isNumber(text) ? Float.parseFloat(text) : Float.NaN;
    if (!Float.isFinite(value)) {
      throw table.malformed(row, "a number in column " + (columns.value() + 1) + ", the value");
    }
    return value;
  }

  private double time(CsvTable.Row row) throws DataSetException {
    double seconds = secondsOf(row.field(columns.time()));
    if (Double.isNaN(seconds)) {
      throw table.malformed(
          row,
          "in column "
              + (columns.time() + 1)
              + " a time: seconds or milliseconds since 1970, or like 2024-05-31 or"
              + " 2024-05-31T12:00:00");
    }
    return seconds;
  }

  /** Seconds since 1970; NaN if the text is no time. */
  private static double secondsOf(String text) {
    if (isNumber(text)) {
      double number = Double.parseDouble(text);
      if (Math.abs(number) > TIME_MAX) {
        return Double.NaN;
      }
      return Math.abs(number) >= MILLISECONDS_MIN ? number / 1e3 : number;
    }
    String iso = text.replace(' ', 'T');
    try {
      if (iso.indexOf('T') < 0) {
        return LocalDate.parse(iso).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      }
      Instant instant =
          iso.endsWith("Z")
              ? Instant.parse(iso)
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      return instant.getEpochSecond() + instant.getNano() / 1e9;
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  private UserHistory history(String id, List<Timed> inFileOrder) {
    List<Timed> ordered = new ArrayList<>(inFileOrder);
    ordered.sort(Comparator.comparingDouble(Timed::seconds)); // stable: ties keep order
    return new UserHistory(
        id,
        ordered.stream().map(Timed::interaction).toList(),
        users == null ? List.of() : users.of(id));
  }

  private Item item(String id) {
    return itemAttributes == null
        ? new Item(id, id, List.of())
        : new Item(id, itemAttributes.titleOf(id), itemAttributes.of(id));
  }

  private String orderRule() {
    String read =
        "columns by %s, divided by %s: user %d, item %d, value %s, time %s"
            .formatted(
                columns.header() ? "header" : "place",
                table.separatorName(),
                columns.user() + 1,
                columns.item() + 1,
                place(columns.value()),
                place(columns.time()));
    return columns.time() == ABSENT
        ? "the source has no times, and the order of its lines is not trusted (" + read + ")"
        : "by time; at equal times the earlier line counts as earlier (" + read + ")";
  }

  private static String place(int column) {
    return column == ABSENT ? "none" : Integer.toString(column + 1);
  }

  /** Such as {@code csv-clicks}; becomes a plan's id, which has 64 characters of few kinds. */
  private static String name(Path path) {
    String file = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    String plain = file.replaceAll("\\.[a-z]{1,4}$", "").replaceAll("[^a-z0-9._-]+", "-");
    return "csv-" + plain.substring(0, Math.min(plain.length(), 48));
  }
}
