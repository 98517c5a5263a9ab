package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.model.SparseVector;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What a person's events are in the rows of a model: the items that they want, by the rule of
 * {@link io.tacit.client.features.FeatureEncoder#positiveRows}, which training goes by, and those
 * that they know. Immutable.
 */
final class DeviceHistory {

  private final List<BehaviourEvent> events;
  private final Rows rows;

  /**
   * The numbers in it, without the events.
   *
   * @param wanted rows of the items that the person wants, in the order of their last positive
   *     event; not a copy
   * @param lastEvents for each of them the index of that event
   * @param known rows of all items with an event
   * @param features what else events say of the person
   */
  record Rows(int[] wanted, int[] lastEvents, BitSet known, SparseVector features) {}

  /** Of events and what was made of just these. */
  DeviceHistory(List<BehaviourEvent> events, Rows rows) {
    this.events = events;
    this.rows = rows;
  }

  /** Number of items that the person wants. */
  int size() {
    return rows.wanted.length;
  }

  /** The rows of these items, in the order of their last positive event; not a copy. */
  int[] wanted() {
    return rows.wanted;
  }

  /** The last positive event on one of them. */
  BehaviourEvent event(int index) {
    return events.get(rows.lastEvents[index]);
  }

  /** The rows of all items with an event; not a copy. */
  BitSet known() {
    return rows.known;
  }

  /** What is known of the person beside the items, as numbers of the model. */
  SparseVector features() {
    return rows.features;
  }

  /** The latest items of this history. */
  DeviceHistory latest(int max) {
    int from = Math.max(0, size() - max);
    return new DeviceHistory(
        events,
        new Rows(
            Arrays.copyOfRange(rows.wanted, from, size()),
            Arrays.copyOfRange(rows.lastEvents, from, size()),
            rows.known,
            rows.features));
  }
}
