package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items that a model knows, in the order of its embedding rows. Immutable.
 *
 * <p>File format: UTF-8 lines, the first {@code #tacit-catalogue 1}, then one item a line: its id,
 * a tab, its title. Line {@code i + 2} of the file is row {@code i}.
 */
public final class Catalogue {

  private static final String FIRST_LINE = "#tacit-catalogue 1";

  private final List<Item> items;
  private final Map<String, Integer> rows;

  /**
   * An item.
   *
   * @param id the app's name of it, 1 to 256 characters, no tab or line break
   * @param title for people, at most 1 024 characters, no tab or line break
   */
  public record Item(String id, String title) {

    public Item {
      if (id.isEmpty() || id.length() > 256 || hasControl(id)) {
        throw new IllegalArgumentException(
            "item id \"" + id + "\" must have 1 to 256 characters and no tab or line break");
      }
      if (title.length() > 1024 || hasControl(title)) {
        throw new IllegalArgumentException(
            "title of item " + id + " must have at most 1024 characters and no tab or line break");
      }
    }

    private static boolean hasControl(String text) {
      return text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
  }

  private Catalogue(List<Item> items) {
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
    return new Catalogue(items);
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
    if (!lines[0].equals(FIRST_LINE)) {
      throw new IllegalArgumentException(
          "catalogue line 1 must be \"" + FIRST_LINE + "\"; is this a catalogue file?");
    }
    int end = lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length;
    Item[] items = new Item[end - 1];
    for (int i = 1; i < end; i++) {
      int tab = lines[i].indexOf('\t');
      try {
        items[i - 1] = new Item(lines[i].substring(0, tab), lines[i].substring(tab + 1));
      } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "catalogue line " + (i + 1) + " must be an item id, one tab, a title", e);
      }
    }
    return new Catalogue(List.of(items));
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
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    for (Item item : items) {
      text.append(item.id()).append('\t').append(item.title()).append('\n');
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
