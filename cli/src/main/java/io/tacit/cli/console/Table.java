package io.tacit.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows in aligned columns below a line of headings; columns of numbers are aligned to the right.
 * {@link #toString()} is the table. Not thread-safe.
 */
public final class Table {

  /** What stands in an empty cell. */
  public static final String NOTHING = "-";

  private static final String GAP = "  ";
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9][0-9.,]*( ?[kMG]?B|%)?|-");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final List<List<String>> lines = new ArrayList<>();

  /** An empty table with these headings. */
  public Table(String... headings) {
    lines.add(List.of(headings));
  }

  /**
   * Adds a row. Control characters become {@code ?}: what a server sends must not steer the
   * terminal.
   *
   * @throws IllegalArgumentException if the number of cells is not that of the headings
   */
  public Table row(String... cells) {
    if (cells.length != lines.get(0).size()) {
      throw new IllegalArgumentException(
          "row has " + cells.length + " cells, must have " + lines.get(0).size());
    }
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(cell.isEmpty() ? NOTHING : CONTROL.matcher(cell).replaceAll("?"));
    }
    lines.add(row);
    return this;
  }

  /** The headings and all rows, one a line, without the last line break. */
  @Override
  public String toString() {
    int columns = lines.get(0).size();
    int[] width = new int[columns];
    boolean[] number = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      number[column] = lines.size() > 1;
      for (int line = 0; line < lines.size(); line++) {
        String cell = lines.get(line).get(column);
        width[column] = Math.max(width[column], cell.length());
        number[column] &= line == 0 || NUMBER.matcher(cell).matches();
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = line.get(column);
        String padding = " ".repeat(width[column] - cell.length());
        row.append(number[column] ? padding + cell : cell + padding).append(GAP);
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.substring(0, text.length() - 1);
  }
}
