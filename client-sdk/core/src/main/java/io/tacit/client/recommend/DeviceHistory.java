package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.protocol.plan.FeatureSchema;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What a person's events are in the rows of a model: the items that they want, by the rule of
 * {@link io.tacit.client.features.FeatureEncoder#positiveRows}, which training goes by, and those
 * that they know. Made anew for every request, so it is one pass without an object per event.
 * Immutable.
 */
final class DeviceHistory {

  private final int[] rows;
  private final BehaviourEvent[] events;
  private final BitSet known;

  private DeviceHistory(int[] rows, BehaviourEvent[] events, BitSet known) {
    this.rows = rows;
    this.events = events;
    this.known = known;
  }

  /** Of events in the order in which they happened. */
  static DeviceHistory of(
      List<BehaviourEvent> events, FeatureSchema.Items schema, Assortment assortment) {
    int[] rows = new int[Math.min(events.size(), schema.rows())];
    BehaviourEvent[] last = new BehaviourEvent[rows.length];
    BitSet known = new BitSet(schema.rows());
    BitSet wanted = new BitSet(schema.rows());
    // Backwards: the first that is met of an item is the last that happened.
    int at = rows.length;
    for (int i = events.size() - 1; i >= 0; i--) {
      BehaviourEvent event = events.get(i);
      if (!event.itemId().isPresent()) {
        continue;
      }
      int row = assortment.embeddingRow(event.itemId().get(), schema.unknownItemBuckets());
      if (row < 0) {
        continue;
      }
      known.set(row);
      if (!wanted.get(row) && schema.positiveEvents().contains(event.kind())) {
        wanted.set(row);
        at--;
        rows[at] = row;
        last[at] = event;
      }
    }
    return new DeviceHistory(
        Arrays.copyOfRange(rows, at, rows.length),
        Arrays.copyOfRange(last, at, last.length),
        known);
  }

  /** Number of items that the person wants. */
  int size() {
    return rows.length;
  }

  /** The rows of these items, in the order of their last positive event; not a copy. */
  int[] rows() {
    return rows;
  }

  /** The last positive event on an item. */
  BehaviourEvent event(int index) {
    return events[index];
  }

  /** The rows of all items with an event; not a copy. */
  BitSet known() {
    return known;
  }

  /** The latest items of this history. */
  DeviceHistory latest(int max) {
    int from = Math.max(0, rows.length - max);
    return new DeviceHistory(
        Arrays.copyOfRange(rows, from, rows.length),
        Arrays.copyOfRange(events, from, events.length),
        known);
  }
}
