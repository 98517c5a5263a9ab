package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each item of a model: from the model's catalogue, and from the app's item file
 * where there is one. An item that the file does not have is not on offer. Immutable.
 */
final class Assortment {

  private final ItemFile catalogue;
  private final @Nullable ItemFile items;

  /** For each row of the catalogue the item of the file, or -1; empty without a file. */
  private final int[] itemOfRow;

  private final BitSet available;

  private Assortment(
      ItemFile catalogue, @Nullable ItemFile items, int[] itemOfRow, BitSet available) {
    this.catalogue = catalogue;
    this.items = items;
    this.itemOfRow = itemOfRow;
    this.available = available;
  }

  /** All items of a catalogue. */
  static Assortment of(ItemFile catalogue) {
    BitSet available = new BitSet(catalogue.size());
    available.set(0, catalogue.size());
    return new Assortment(catalogue, null, new int[0], available);
  }

  /** The same catalogue, with what an item file says. */
  Assortment with(ItemFile file) {
    BitSet offered = new BitSet(catalogue.size());
    int[] found = new int[catalogue.size()];
    for (int row = 0; row < found.length; row++) {
      found[row] = file.find(catalogue.id(row));
      if (found[row] >= 0 && file.isAvailable(found[row])) {
        offered.set(row);
      }
    }
    return new Assortment(catalogue, file, found, offered);
  }

  /** Rows of the catalogue. */
  int size() {
    return catalogue.size();
  }

  /** The app's name of an item. */
  String id(int row) {
    return catalogue.id(row);
  }

  /** A title to show: the app's, else the catalogue's; empty if neither has one. */
  String title(int row) {
    if (items != null && itemOfRow[row] >= 0) {
      String title = items.title(itemOfRow[row]);
      if (!title.isEmpty()) {
        return title;
      }
    }
    return catalogue.title(row);
  }

  /**
   * The embedding row of an item id: its line in the catalogue, else one of the bucket rows behind
   * it, by the rule of {@link io.tacit.protocol.plan.Catalogue#embeddingRow}, which trained them.
   *
   * @return -1 if the item is unknown and there are no buckets
   */
  int embeddingRow(String itemId, int buckets) {
    int row = catalogue.find(itemId);
    if (row >= 0 || buckets == 0) {
      return row;
    }
    byte[] digest = ContentHash.of(itemId.getBytes(StandardCharsets.UTF_8)).toBytes();
    long hash = ByteBuffer.wrap(digest).getInt() & 0xffffffffL;
    return size() + (int) (hash % buckets);
  }

  /** The rows of what can be had; a copy. */
  BitSet available() {
    return (BitSet) available.clone();
  }

  /** The rows whose attribute has a value; empty if items have no such attribute. */
  Optional<BitSet> rowsWith(String attribute, String value) {
    if (items == null) {
      return Optional.empty();
    }
    for (ItemAttribute candidate : items.attributes()) {
      if (candidate.name().equals(attribute)) {
        return Optional.of(rowsWith(candidate, value));
      }
    }
    return Optional.empty();
  }

  private BitSet rowsWith(ItemAttribute attribute, String value) {
    BitSet distinct = attribute.distinctWith(value);
    BitSet rows = new BitSet(size());
    for (int row = 0; row < itemOfRow.length; row++) {
      if (itemOfRow[row] >= 0 && distinct.get(attribute.code(itemOfRow[row]))) {
        rows.set(row);
      }
    }
    return rows;
  }
}
