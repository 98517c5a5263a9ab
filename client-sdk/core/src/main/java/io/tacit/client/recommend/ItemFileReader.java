package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.WireLimits;
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

  /** A {@code #tacit-catalogue 1}. */
  ItemFile catalogue() {
    readFirst("#tacit-catalogue 1");
    return readItems(2, List.of());
  }

  /** A {@code #tacit-items 1}. */
  ItemFile items() {
    readFirst("#tacit-items 1");
    List<ItemAttribute.Builder> attributes = readAttributes();
    return readItems(ITEM_COLUMNS.size() + attributes.size(), attributes);
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
    List<ItemAttribute.Builder> attributes = new ArrayList<>();
    for (String name : names.subList(ITEM_COLUMNS.size(), names.size())) {
      if (!Names.isName(name) || names.indexOf(name) != names.lastIndexOf(name)) {
        throw wrong(
            "has a column that is no name or is there twice; names have 1 to 64 characters of a-z"
                + " 0-9 - . _");
      }
      attributes.add(new ItemAttribute.Builder(name));
    }
    if (attributes.size() > ATTRIBUTES_MAX) {
      throw wrong("names " + attributes.size() + " attributes, must be at most " + ATTRIBUTES_MAX);
    }
    return attributes;
  }

  private ItemFile readItems(int columns, List<ItemAttribute.Builder> attributes) {
    int linesBefore = line;
    int[] starts = new int[lineBreaks() + 2];
    int items = 0;
    while (nextStart < bytes.length) {
      readItem(columns, attributes);
      starts[items++] = lineStart;
    }
    starts[items] = bytes.length;
    starts = Arrays.copyOf(starts, items + 1);
    List<ItemAttribute> built = new ArrayList<>(attributes.size());
    for (ItemAttribute.Builder attribute : attributes) {
      built.add(attribute.build());
    }
    return new ItemFile(
        bytes, starts, ItemIds.of(what, linesBefore + 1, bytes, hash, starts), built, columns > 2);
  }

  private void readItem(int columns, List<ItemAttribute.Builder> attributes) {
    List<String> values = readLine();
    if (values.size() != columns) {
      throw wrong(
          "has " + values.size() + " columns, must have " + columns + ", with a tab between two");
    }
    requireLength("id", values.get(0), 1, ID_LENGTH_MAX);
    requireLength("title", values.get(1), 0, TEXT_LENGTH_MAX);
    if (columns > 2 && !values.get(2).equals(YES) && !values.get(2).equals(NO)) {
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
