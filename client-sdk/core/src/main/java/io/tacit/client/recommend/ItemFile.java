package io.tacit.client.recommend;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Items as they stand in a file, in its order. The file's bytes are kept and there is no object per
 * item: an index of 4 bytes for each line, one of 8 to 16 for finding ids, 2 bytes for each
 * attribute. Immutable.
 *
 * <p>Two formats of UTF-8 lines. The <b>catalogue</b> that comes with a model:
 *
 * <pre>
 * #tacit-catalogue 1
 * ID⇥TITLE                                (one line per item)
 * </pre>
 *
 * or, where it says more of items, {@code #tacit-catalogue 2⇥NAME⇥NAME...} and lines with a cell
 * for each name.
 *
 * <p>The <b>item file</b> that an app brings, to say what is on offer and to filter by:
 *
 * <pre>
 * #tacit-items 1
 * id⇥title⇥available⇥NAME⇥NAME...         (names of 0 to 16 attributes, of a-z 0-9 - . _)
 * ID⇥TITLE⇥yes or no⇥VALUE⇥VALUE...       (one line per item; several values as VALUE|VALUE)
 * </pre>
 *
 * <p>Ids have 1 to 256 characters, titles and attributes at most 1,024; none has a tab or a line
 * break.
 */
final class ItemFile {

  private final byte[] bytes;

  /** Where the line of each item begins, and behind them where the last one ends. */
  private final int[] starts;

  private final ItemIds ids;
  private final List<ItemAttribute> attributes;
  private final boolean hasAvailability;
  private final List<String> cells;

  /** Takes the arrays over. */
  ItemFile(
      byte[] bytes,
      int[] starts,
      ItemIds ids,
      List<ItemAttribute> attributes,
      boolean hasAvailability,
      List<String> cells) {
    this.bytes = bytes;
    this.starts = starts;
    this.ids = ids;
    this.attributes = List.copyOf(attributes);
    this.hasAvailability = hasAvailability;
    this.cells = List.copyOf(cells);
  }

  /**
   * Reads the catalogue of a model; copies the bytes.
   *
   * @throws IllegalArgumentException naming the line and the byte that are wrong
   */
  static ItemFile catalogue(Artifact file) {
    return new ItemFileReader("catalogue", file).catalogue();
  }

  /**
   * Reads an app's item file; copies the bytes.
   *
   * @throws IllegalArgumentException naming the line and the byte that are wrong
   */
  static ItemFile items(Artifact file) {
    return new ItemFileReader("item file", file).items();
  }

  /** Number of items. */
  int size() {
    return starts.length - 1;
  }

  /** The app's name of an item. */
  String id(int item) {
    return column(item, 0);
  }

  /** The title of an item; may be empty. */
  String title(int item) {
    return column(item, 1);
  }

  /** Whether an item can be had; in a catalogue all can. */
  boolean isAvailable(int item) {
    return !hasAvailability || column(item, 2).equals(ItemFileReader.YES);
  }

  /** The item of an id, or -1. */
  int find(String id) {
    return ids.find(id);
  }

  /** The attributes that items have. */
  List<ItemAttribute> attributes() {
    return attributes;
  }

  /** Names of a catalogue's columns beside id and title. */
  List<String> cells() {
    return cells;
  }

  /** What stands in one of them; may be empty. */
  String cell(int item, int index) {
    return column(item, 2 + index);
  }

  private String column(int item, int column) {
    int from = starts[item];
    for (int i = 0; i < column; i++) {
      from = end(from, starts[item + 1]) + 1;
    }
    return new String(bytes, from, end(from, starts[item + 1]) - from, StandardCharsets.UTF_8);
  }

  /** Where the column that begins here ends: before a tab, a line break or the end of the file. */
  private int end(int from, int nextLine) {
    int at = from;
    while (at < nextLine && bytes[at] != '\t' && bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
