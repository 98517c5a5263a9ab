package io.tacit.simulation.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Rows of a text file whose separator is found out: the first of tab, {@code ::}, semicolon, bar,
 * comma and blank that divides the first lines into equally many columns, two at least. A field in
 * double quotes may contain separators, and quotes if they are doubled (RFC 4180), but no line
 * break. Empty lines count for nothing.
 */
final class CsvTable {

  static final int COLUMNS_MAX = 1_000;

  private static final List<String> SEPARATORS = List.of("\t", "::", ";", "|", ",", " ");
  private static final Map<String, String> NAMES = Map.of("\t", "tab", " ", "blank");
  private static final int LINES_LOOKED_AT = 20;

  private final DataFile file;
  private final String separator;
  private final List<Row> rows;

  private CsvTable(DataFile file, String separator, List<Row> rows) {
    this.file = file;
    this.separator = separator;
    this.rows = rows;
  }

  /**
   * One line that is not empty.
   *
   * @param index of the line in the file, from 0
   */
  record Row(int index, List<String> fields) {

    String field(int column) {
      return fields.get(column);
    }
  }

  /** Reads a file; its first row may be a header. */
  static CsvTable read(Path path) throws DataSetException {
    DataFile file = DataFile.readUtf8(path);
    List<Integer> filled = new ArrayList<>();
    for (int index = 0; index < file.lines().size(); index++) {
      if (!file.lines().get(index).isBlank()) {
        filled.add(index);
      }
    }
    if (filled.isEmpty()) {
      throw new DataSetException.Empty(path, "only empty lines");
    }
    String separator = separatorOf(file, filled);
    List<Row> rows = new ArrayList<>();
    int columns = 0;
    for (int index : filled) {
      List<String> fields = split(file.lines().get(index), separator);
      columns = rows.isEmpty() ? Math.min(fields.size(), COLUMNS_MAX) : columns;
      if (fields.size() != columns) {
        throw file.malformed(index, columns + " columns divided by " + name(separator));
      }
      rows.add(new Row(index, fields));
    }
    return new CsvTable(file, separator, rows);
  }

  private static String separatorOf(DataFile file, List<Integer> filled) throws DataSetException {
    List<Integer> looked = filled.subList(0, Math.min(LINES_LOOKED_AT, filled.size()));
    for (String separator : SEPARATORS) {
      Set<Integer> counts = new HashSet<>();
      for (int index : looked) {
        counts.add(split(file.lines().get(index), separator).size());
      }
      if (counts.size() == 1 && !counts.contains(0) && !counts.contains(1)) {
        return separator;
      }
    }
    throw file.malformed(
        filled.get(0),
        "at least two columns, equally many in each line, divided by tab, ::, ;, |, comma or"
            + " blank");
  }

  /** The fields of a line, without blanks around them; none if a quoted field does not end. */
  private static List<String> split(String line, String separator) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder field = new StringBuilder();
      at = readField(line, at, separator, field);
      if (at < 0) {
        return List.of();
      }
      fields.add(field.toString().strip());
      if (at == line.length()) {
        return fields;
      }
      at += separator.length();
    }
  }

  /** Reads up to the next separator or the end; says where that is, -1 if a quote is not closed. */
  private static int readField(String line, int from, String separator, StringBuilder field) {
    int at = from;
    if (at < line.length() && line.charAt(at) == '"') {
      at++;
      while (true) {
        int quote = line.indexOf('"', at);
        if (quote < 0) {
          return -1;
        }
        field.append(line, at, quote);
        at = quote + 1;
        if (at == line.length() || line.charAt(at) != '"') {
          break;
        }
        field.append('"');
        at++;
      }
    }
    int end = line.indexOf(separator, at);
    end = end < 0 ? line.length() : end;
    field.append(line, at, end);
    return end;
  }

  private static String name(String separator) {
    return NAMES.getOrDefault(separator, separator);
  }

  /** How the separator is called. */
  String separatorName() {
    return name(separator);
  }

  /** All rows, the header too if there is one. */
  List<Row> rows() {
    return rows;
  }

  int columns() {
    return rows.get(0).fields().size();
  }

  /** The first column of the first row with one of these names, whatever case and punctuation. */
  OptionalInt columnNamed(String... names) {
    List<String> wanted = Arrays.asList(names);
    List<String> header = rows.get(0).fields();
    for (int column = 0; column < header.size(); column++) {
      if (wanted.contains(plain(header.get(column)))) {
        return OptionalInt.of(column);
      }
    }
    return OptionalInt.empty();
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  DataSetException malformed(Row row, String expected) {
    return file.malformed(row.index(), expected);
  }

  Path path() {
    return file.path();
  }
}
