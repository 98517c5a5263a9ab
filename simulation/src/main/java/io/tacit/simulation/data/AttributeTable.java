package io.tacit.simulation.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a data set says of its items, or of its users, as an app would write it into a catalogue, or
 * into a profile: a text per column, several values with a bar between two. A number becomes the
 * eighth of all numbers in which it lies, since tastes are seldom a straight line over a year or an
 * age. Columns that tell nothing (one value) or that only name (a value for nearly everyone) are
 * left out.
 *
 * @param columns in the order of the schema
 * @param cells for each item or user a text per column; empty if nothing is known
 */
public record AttributeTable(List<Column> columns, List<List<String>> cells) {

  /** Values of a column that are told apart, the most frequent; all others share one input. */
  static final int VALUES_MAX = 1_000;

  private static final int NUMBER_PARTS = 8;
  private static final int COLUMNS_MAX = 32;
  private static final int NAME_LENGTH_MAX = 56;
  private static final int CELL_LENGTH_MAX = 1_024;

  public AttributeTable {
    columns = List.copyOf(columns);
    cells = List.copyOf(cells);
  }

  /**
   * A column.
   *
   * @param name of a-z 0-9 - . _, different from all others
   * @param values the most frequent first
   * @param hasOthers whether there are values beyond these
   */
  public record Column(String name, List<String> values, boolean hasOthers) {

    public Column {
      values = List.copyOf(values);
    }
  }

  /** What is known of the items of a data set. */
  public static AttributeTable ofItems(InteractionDataSet data) {
    return of(data.schema(), data.items(), Item::attributes);
  }

  /** What is known of its users. */
  public static AttributeTable ofUsers(InteractionDataSet data) {
    return of(data.userSchema(), data.users(), UserHistory::attributes);
  }

  private static <T> AttributeTable of(
      List<AttributeField> schema, List<T> owners, Function<T, List<ItemAttribute>> attributes) {
    List<Column> columns = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    owners.forEach(owner -> cells.add(new ArrayList<>()));
    Set<String> names = new HashSet<>();
    for (int field = 0; field < schema.size() && columns.size() < COLUMNS_MAX; field++) {
      int index = field;
      List<List<String>> values =
          values(owners.stream().map(owner -> attributes.apply(owner).get(index)).toList());
      List<String> distinct = byFrequency(values);
      if (distinct.size() < 2 || distinct.size() > Math.max(2, owners.size() / 2)) {
        continue;
      }
      columns.add(
          new Column(
              name(schema.get(field).name(), names),
              distinct.subList(0, Math.min(VALUES_MAX, distinct.size())),
              distinct.size() > VALUES_MAX));
      for (int owner = 0; owner < owners.size(); owner++) {
        cells.get(owner).add(cell(values.get(owner)));
      }
    }
    return new AttributeTable(columns, cells.stream().map(List::copyOf).toList());
  }

  private static List<List<String>> values(List<ItemAttribute> attributes) {
    double[] sorted =
        attributes.stream()
            .filter(ItemAttribute.Quantity.class::isInstance)
            .mapToDouble(attribute -> ((ItemAttribute.Quantity) attribute).amount())
            .sorted()
            .toArray();
    List<List<String>> values = new ArrayList<>();
    for (ItemAttribute attribute : attributes) {
      List<String> texts =
          attribute instanceof ItemAttribute.Labels labels
              ? labels.names()
              : List.of(
                  attribute instanceof ItemAttribute.Quantity quantity
                      ? part(sorted, quantity.amount())
                      : ((ItemAttribute.Label) attribute).name());
      values.add(texts.stream().map(AttributeTable::plain).filter(t -> !t.isEmpty()).toList());
    }
    return values;
  }

  /** The last of the bounds between parts that the amount reaches. */
  private static String part(double[] sorted, double amount) {
    double bound = sorted[0];
    for (int part = 1; part < NUMBER_PARTS; part++) {
      double next = sorted[(int) ((long) part * sorted.length / NUMBER_PARTS)];
      bound = amount >= next ? next : bound;
    }
    return "from " + bound;
  }

  private static List<String> byFrequency(List<List<String>> values) {
    Map<String, Integer> counts = new HashMap<>();
    values.forEach(texts -> texts.forEach(text -> counts.merge(text, 1, Integer::sum)));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String cell(List<String> values) {
    StringBuilder cell = new StringBuilder();
    for (String value : values) {
      if (cell.length() + 1 + value.length() <= CELL_LENGTH_MAX) {
        cell.append(cell.isEmpty() ? "" : "|").append(value);
      }
    }
    return cell.toString();
  }

  private static String plain(String text) {
    return text.replaceAll("[|\\p{Cntrl}]", " ").strip();
  }

  private static String name(String field, Set<String> taken) {
    String plain =
        field.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[._-]+", "");
    String stem =
        plain.isEmpty() ? "column" : plain.substring(0, Math.min(plain.length(), NAME_LENGTH_MAX));
    String name = stem;
    for (int i = 2; !taken.add(name); i++) {
      name = stem + "-" + i;
    }
    return name;
  }

  /** Names of the columns. */
  public List<String> names() {
    return columns.stream().map(Column::name).collect(Collectors.toUnmodifiableList());
  }
}
