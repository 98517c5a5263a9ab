package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Catalogue;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the formats of {@link ItemFile}. For one file, once. */
final class ItemFileReader {

  /** What stands where an item can be had. */
  static final String YES = "yes";

  private static final String NO = "no";

  /** Attributes that an item may have. */
  private static final int ATTRIBUTES_MAX = 16;

  private static final int ID_LENGTH_MAX = 256;
  private static final int TEXT_LENGTH_MAX = 1024;
  private static final List<String> ITEM_COLUMNS = List.of("id", "title", "available");

  private final String what;
  private final byte[] bytes;
  private final ContentHash hash;

  /** The number of the line at hand, from 1, and where it and the next one begin. */
  private int line;

  private int lineStart;
  private int nextStart;

  /**
   * @param what the file is, for messages
   * @param file whose bytes are copied
   */
  ItemFileReader(String what, Artifact file) {
    this.what = what;
    this.bytes = file.bytes().clone();
    this.hash = file.hash();
    if (bytes.length > WireLimits.CATALOGUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          what
              + " has "
              + bytes.length
              + " bytes, must be at most "
              + WireLimits.CATALOGUE_BYTES_MAX
              + "; leave items out that nobody can get");
    }
    requireUtf8();
  }

  /** A {@code #tacit-catalogue 1}, or 2. */
  ItemFile catalogue() {
    List<String> first = readLine();
    List<String> names = first.subList(1, first.size());
    boolean hasColumns = first.get(0).equals("#tacit-catalogue 2") && !names.isEmpty();
    if (!hasColumns && !first.equals(List.of("#tacit-catalogue 1"))) {
      throw wrong(
          "must be \"#tacit-catalogue 1\", or \"#tacit-catalogue 2\" and names of columns; is this"
              + " the right file?");
    }
    requireNames(names);
    if (names.size() > Catalogue.COLUMNS_MAX) {
      throw wrong("names " + names.size() + " columns, must be at most " + Catalogue.COLUMNS_MAX);
    }
    return readItems(names, false, List.of());
  }

  /** A {@code #tacit-items 1}. */
  ItemFile items() {
    readFirst("#tacit-items 1");
    List<ItemAttribute.Builder> attributes = readAttributes();
    return readItems(List.of(), true, attributes);
  }

  /** A pass of its own, in small pieces: the text is four times as large as a catalogue's bytes. */
  private void requireUtf8() {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(8 * 1024);
    CoderResult result;
    do {
      ((Buffer) out).clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new IllegalArgumentException(
          what + " is not UTF-8 at byte " + in.position() + "; save it as UTF-8");
    }
  }

  private void readFirst(String expected) {
    if (!readLine().equals(List.of(expected))) {
      throw wrong("must be \"" + expected + "\"; is this the right file?");
    }
  }

  private List<ItemAttribute.Builder> readAttributes() {
    List<String> names = readLine();
    if (names.size() < ITEM_COLUMNS.size()
        || !names.subList(0, ITEM_COLUMNS.size()).equals(ITEM_COLUMNS)) {
      throw wrong("must name the columns, the first three id, title, available");
    }
    requireNames(names);
    List<ItemAttribute.Builder> attributes = new ArrayList<>();
    for (String name : names.subList(ITEM_COLUMNS.size(), names.size())) {
      attributes.add(new ItemAttribute.Builder(name));
    }
    if (attributes.size() > ATTRIBUTES_MAX) {
      throw wrong("names " + attributes.size() + " attributes, must be at most " + ATTRIBUTES_MAX);
    }
    return attributes;
  }

  private void requireNames(List<String> names) {
    for (String name : names) {
      if (!Names.isName(name) || names.indexOf(name) != names.lastIndexOf(name)) {
        throw wrong(
            "has a column that is no name or is there twice; names have 1 to 64 characters of a-z"
                + " 0-9 - . _");
      }
    }
  }

  /**
   * @param cells names of a catalogue's columns behind the title
   * @param isOffer whether availability and attributes follow the title instead
   */
  private ItemFile readItems(
      List<String> cells, boolean isOffer, List<ItemAttribute.Builder> attributes) {
    int columns = 2 + cells.size() + (isOffer ? 1 + attributes.size() : 0);
    int linesBefore = line;
    int[] starts = new int[lineBreaks() + 2];
    int items = 0;
    while (nextStart < bytes.length) {
      readItem(columns, isOffer, attributes);
      starts[items++] = lineStart;
    }
    starts[items] = bytes.length;
    starts = Arrays.copyOf(starts, items + 1);
    List<ItemAttribute> built = new ArrayList<>(attributes.size());
    for (ItemAttribute.Builder attribute : attributes) {
      built.add(attribute.build());
    }
    ItemIds ids = ItemIds.of(what, linesBefore + 1, bytes, hash, starts);
    return new ItemFile(bytes, starts, ids, built, isOffer, cells);
  }

  private void readItem(int columns, boolean isOffer, List<ItemAttribute.Builder> attributes) {
    List<String> values = readLine();
    if (values.size() != columns) {
      throw wrong(
          "has " + values.size() + " columns, must have " + columns + ", with a tab between two");
    }
    requireLength("id", values.get(0), 1, ID_LENGTH_MAX);
    requireLength("title", values.get(1), 0, TEXT_LENGTH_MAX);
    if (isOffer && !values.get(2).equals(YES) && !values.get(2).equals(NO)) {
      throw wrong("has an availability other than yes or no");
    }
    for (int i = 0; i < attributes.size(); i++) {
      String value = values.get(ITEM_COLUMNS.size() + i);
      ItemAttribute.Builder attribute = attributes.get(i);
      requireLength(attribute.name(), value, 0, TEXT_LENGTH_MAX);
      if (!attribute.add(value)) {
        throw wrong(
            "has one more distinct value of "
                + attribute.name()
                + " than the "
                + ItemAttribute.DISTINCT_MAX
                + " that there may be; leave attributes out that nobody filters by");
      }
    }
  }

  private void requireLength(String column, String text, int min, int max) {
    if (text.length() < min || text.length() > max || text.indexOf('\r') >= 0) {
      throw wrong(
          "has "
              + text.length()
              + " characters of "
              + column
              + ", must have "
              + min
              + " to "
              + max
              + " and no carriage return");
    }
  }

  /** Moves to the next line and gives its columns. */
  private List<String> readLine() {
    line++;
    lineStart = nextStart;
    List<String> columns = new ArrayList<>();
    int from = lineStart;
    for (int at = lineStart; ; at++) {
      boolean isEnd = at >= bytes.length || bytes[at] == '\n';
      if (isEnd || bytes[at] == '\t') {
        int to = Math.min(at, bytes.length);
        columns.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        from = at + 1;
      }
      if (isEnd) {
        nextStart = Math.min(at + 1, bytes.length);
        return columns;
      }
    }
  }

  private int lineBreaks() {
    int count = 0;
    for (byte b : bytes) {
      count += b == '\n' ? 1 : 0;
    }
    return count;
  }

  private IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(
        what + " line " + line + " (byte " + lineStart + ") " + problem);
  }
}
