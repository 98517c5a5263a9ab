package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.WireLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The items that a model knows, in the order of its embedding rows, and what is known of them.
 * Immutable.
 *
 * <p>File format: UTF-8 lines, the first {@code #tacit-catalogue 1}, then one item a line: its id,
 * a tab, its title. Line {@code i + 2} of the file is row {@code i}. A catalogue with more columns
 * begins with {@code #tacit-catalogue 2} and their names, each behind a tab; its lines have a cell
 * for each, also behind tabs. A plan's features of items say how cells become numbers.
 */
public final class Catalogue {

  /** Columns beside id and title. */
  public static final int COLUMNS_MAX = 64;

  private static final int CELL_LENGTH_MAX = 65_536;

  private static final String FIRST_LINE = "#tacit-catalogue 1";
  private static final String FIRST_LINE_WITH_COLUMNS = "#tacit-catalogue 2";

  private final List<String> columns;
  private final List<Item> items;
  private final Map<String, Integer> rows;

  /**
   * An item.
   *
   * @param id the app's name of it, 1 to 256 characters, no tab or line break
   * @param title for people, at most 1 024 characters, no tab or line break
   * @param cells one for each column of its catalogue, at most 65 536 characters, no tab or line
   *     break; empty if nothing is known
   */
  public record Item(String id, String title, List<String> cells) {

    public Item {
      cells = List.copyOf(cells);
      if (id.isEmpty() || id.length() > 256 || hasControl(id)) {
        throw new IllegalArgumentException(
            "item id \"" + id + "\" must have 1 to 256 characters and no tab or line break");
      }
      if (title.length() > 1024 || hasControl(title)) {
        throw new IllegalArgumentException(
            "title of item " + id + " must have at most 1024 characters and no tab or line break");
      }
      for (String cell : cells) {
        if (cell.length() > CELL_LENGTH_MAX || hasControl(cell)) {
          throw new IllegalArgumentException(
              "cells of item "
                  + id
                  + " must have at most "
                  + CELL_LENGTH_MAX
                  + " characters and no tab or line break");
        }
      }
    }

    /** An item of which nothing else is known. */
    public Item(String id, String title) {
      this(id, title, List.of());
    }

    private static boolean hasControl(String text) {
      return text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
  }

  private Catalogue(List<String> columns, List<Item> items) {
    this.columns = List.copyOf(columns);
    this.items = List.copyOf(items);
    this.rows = new HashMap<>(2 * items.size());
    for (int i = 0; i < items.size(); i++) {
      Integer earlier = rows.put(items.get(i).id(), i);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "item id "
                + items.get(i).id()
                + " is in line "
                + (earlier + 2)
                + " and in line "
                + (i + 2));
      }
    }
  }

  /**
   * A catalogue of these items, in this order.
   *
   * @throws IllegalArgumentException if an id is there twice
   */
  public static Catalogue of(List<Item> items) {
    return of(List.of(), items);
  }

  /**
   * The same with columns.
   *
   * @param columns their names, distinct, at most {@value #COLUMNS_MAX}, 1 to 64 characters of a-z
   *     0-9 - . _
   * @throws IllegalArgumentException if a name is none or an id is there twice, or if an item has
   *     another number of cells
   */
  public static Catalogue of(List<String> columns, List<Item> items) {
    requireNames(columns);
    for (Item item : items) {
      if (item.cells().size() != columns.size()) {
        throw new IllegalArgumentException(
            "item "
                + item.id()
                + " has "
                + item.cells().size()
                + " cells, the catalogue has "
                + columns.size()
                + " columns; give it one for each");
      }
    }
    return new Catalogue(columns, items);
  }

  private static void requireNames(List<String> columns) {
    if (columns.size() > COLUMNS_MAX
        || columns.stream().distinct().count() != columns.size()
        || !columns.stream().allMatch(Names::isName)) {
      throw new IllegalArgumentException(
          "catalogue columns are "
              + columns
              + ", must be at most "
              + COLUMNS_MAX
              + " different names of 1 to 64 characters of a-z 0-9 - . _");
    }
  }

  /**
   * Reads the file format.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static Catalogue fromBytes(byte[] bytes) {
    if (bytes.length > WireLimits.CATALOGUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "catalogue has "
              + bytes.length
              + " bytes, must be at most "
              + WireLimits.CATALOGUE_BYTES_MAX);
    }
    String[] lines = decode(bytes).split("\n", -1);
    List<String> columns = columns(lines[0]);
    int end = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    Item[] items = new Item[end - 1];
    for (int i = 1; i < end; i++) {
      items[i - 1] = item(lines[i], i + 1, columns);
    }
    return new Catalogue(columns, List.of(items));
  }

  private static List<String> columns(String firstLine) {
    if (firstLine.equals(FIRST_LINE)) {
      return List.of();
    }
    String[] words = firstLine.split("\t", -1);
    if (!words[0].equals(FIRST_LINE_WITH_COLUMNS) || words.length == 1) {
      throw new IllegalArgumentException(
          "catalogue line 1 must be \""
              + FIRST_LINE
              + "\", or \""
              + FIRST_LINE_WITH_COLUMNS
              + "\" and names of columns; is this a catalogue file?");
    }
    List<String> columns = Arrays.asList(words).subList(1, words.length);
    requireNames(columns);
    return columns;
  }

  private static Item item(String line, int number, List<String> columns) {
    String[] words = line.split("\t", -1);
    try {
      if (words.length == 2 + columns.size()) {
        return new Item(words[0], words[1], Arrays.asList(words).subList(2, words.length));
      }
    } catch (IllegalArgumentException e) {
      throw malformed(number, columns, e);
    }
    throw malformed(number, columns, null);
  }

  private static IllegalArgumentException malformed(
      int line, List<String> columns, @Nullable IllegalArgumentException cause) {
    return new IllegalArgumentException(
        "catalogue line "
            + line
            + (columns.isEmpty()
                ? " must be an item id, one tab, a title"
                : " must be an item id, a title and a cell for each of "
                    + columns
                    + ", with one tab between two"),
        cause);
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("catalogue is not UTF-8; save it as UTF-8", e);
    }
  }

  /** Writes the file format. */
  public byte[] toBytes() {
    StringBuilder text = new StringBuilder();
    text.append(columns.isEmpty() ? FIRST_LINE : FIRST_LINE_WITH_COLUMNS);
    columns.forEach(column -> text.append('\t').append(column));
    text.append('\n');
    for (Item item : items) {
      text.append(item.id()).append('\t').append(item.title());
      item.cells().forEach(cell -> text.append('\t').append(cell));
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The SHA-256 of {@link #toBytes()}. */
  public ContentHash contentHash() {
    return ContentHash.of(toBytes());
  }

  /** Number of items. */
  public int size() {
    return items.size();
  }

  /** The names of the columns beside id and title; may be empty. */
  public List<String> columns() {
    return columns;
  }

  /** The item of a row. */
  public Item item(int row) {
    return items.get(row);
  }

  /** The row of an item id, or -1 if the catalogue has it not. */
  public int rowOf(String itemId) {
    Integer row = rows.get(itemId);
    return row == null ? -1 : row;
  }

  /**
   * The embedding row of an item id: its own, or one of the {@link UnknownBuckets bucket} rows
   * behind the catalogue's.
   *
   * @return -1 if the item is unknown and there are no buckets
   */
  public int embeddingRow(String itemId, int unknownItemBuckets) {
    int row = rowOf(itemId);
    if (row >= 0 || unknownItemBuckets == 0) {
      return row;
    }
    return items.size() + UnknownBuckets.bucketOf(itemId, unknownItemBuckets);
  }
}
