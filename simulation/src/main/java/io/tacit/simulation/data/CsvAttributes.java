package io.tacit.simulation.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A table of attributes: a header; the id in the first column; the title in a column named title or
 * name, if there is one. A column whose fields are all numbers is a quantity, one where some field
 * has a bar between words is a list of labels, any other a label.
 */
final class CsvAttributes {

  private static final String BAR = "|";
  private static final int TITLE_CHARACTERS_MAX = 1024;

  private final CsvTable table;
  private final List<AttributeField> schema;
  private final Map<String, List<ItemAttribute>> attributes = new LinkedHashMap<>();
  private final Map<String, String> titles = new LinkedHashMap<>();

  private CsvAttributes(CsvTable table, List<AttributeField> schema) {
    this.table = table;
    this.schema = schema;
  }

  static CsvAttributes load(Path path) throws DataSetException {
    CsvTable table = CsvTable.read(path);
    if (table.rows().size() < 2) {
      throw new DataSetException.Empty(path, "a header and no rows");
    }
    OptionalInt title = table.columnNamed("title", "name");
    List<Integer> columns = new ArrayList<>();
    for (int column = 1; column < table.columns(); column++) {
      if (title.isEmpty() || title.getAsInt() != column) {
        columns.add(column);
      }
    }
    List<AttributeField> schema = columns.stream().map(column -> field(table, column)).toList();
    CsvAttributes all = new CsvAttributes(table, schema);
    for (CsvTable.Row row : rows(table)) {
      all.add(row, columns, title);
    }
    return all;
  }

  private static List<CsvTable.Row> rows(CsvTable table) {
    return table.rows().subList(1, table.rows().size());
  }

  private static AttributeField field(CsvTable table, int column) {
    String name = table.rows().get(0).field(column);
    if (rows(table).stream().allMatch(row -> isQuantity(row.field(column)))) {
      return AttributeField.quantity(name, "");
    }
    return rows(table).stream().anyMatch(row -> row.field(column).contains(BAR))
        ? AttributeField.labels(name)
        : AttributeField.label(name);
  }

  private static boolean isQuantity(String text) {
    return text.matches("[+-]?[0-9]{1,15}(\\.[0-9]*)?");
  }

  private void add(CsvTable.Row row, List<Integer> columns, OptionalInt title)
      throws DataSetException {
    String id = row.field(0);
    List<ItemAttribute> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(value(schema.get(i), row.field(columns.get(i))));
    }
    if (id.isEmpty() || attributes.putIfAbsent(id, List.copyOf(values)) != null) {
      throw table.malformed(row, "in column 1 an id that was not given before");
    }
    String text = title.isPresent() ? row.field(title.getAsInt()) : id;
    if (text.length() > TITLE_CHARACTERS_MAX || text.indexOf('\t') >= 0) {
      throw table.malformed(
          row, "a title of at most " + TITLE_CHARACTERS_MAX + " characters without tab");
    }
    titles.put(id, text);
  }

  private static ItemAttribute value(AttributeField field, String text) {
    if (field.kind() == ItemAttribute.Quantity.class) {
      return new ItemAttribute.Quantity(Double.parseDouble(text));
    }
    return field.kind() == ItemAttribute.Labels.class
        ? new ItemAttribute.Labels(Arrays.asList(text.split("\\|")))
        : new ItemAttribute.Label(text);
  }

  List<AttributeField> schema() {
    return schema;
  }

  Set<String> ids() {
    return attributes.keySet();
  }

  boolean has(String id) {
    return attributes.containsKey(id);
  }

  /** The attributes of an id that is there. */
  List<ItemAttribute> of(String id) {
    return attributes.getOrDefault(id, List.of());
  }

  String titleOf(String id) {
    return titles.getOrDefault(id, id);
  }

  Path path() {
    return table.path();
  }
}
