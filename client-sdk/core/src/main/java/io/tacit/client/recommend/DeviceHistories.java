package io.tacit.client.recommend;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.features.UserFeatures;
import io.tacit.protocol.plan.FeatureSchema;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks a person's events up in the rows of a model. What was found last is kept, without the
 * events, and used again when a store gives the same list again: finding ten thousand events takes
 * longer than scoring a hundred thousand items. Thread-safe without locks.
 */
final class DeviceHistories {

  private volatile @Nullable Found last;

  /**
   * What was found for a list of events.
   *
   * @param events held weakly: it is the store that decides how long events stay in memory
   * @param size of the list then
   * @param assortment of the model, which every installation makes anew
   */
  private record Found(
      WeakReference<List<BehaviourEvent>> events,
      int size,
      Assortment assortment,
      DeviceHistory.Rows rows) {

    boolean isOf(List<BehaviourEvent> otherEvents, ItemModel model) {
      return events.get() == otherEvents
          && size == otherEvents.size()
          && assortment == model.assortment();
    }
  }

  /**
   * The history of events.
   *
   * @param events in the order in which they happened
   */
  DeviceHistory of(List<BehaviourEvent> events, ItemModel model) {
    Found found = last;
    if (found == null || !found.isOf(events, model)) {
      DeviceHistory.Rows rows = find(events, model.schema(), model.assortment());
      found = new Found(new WeakReference<>(events), events.size(), model.assortment(), rows);
      last = found;
    }
    return new DeviceHistory(events, found.rows());
  }

  private static DeviceHistory.Rows find(
      List<BehaviourEvent> events, FeatureSchema.Items schema, Assortment assortment) {
    int[] wanted = new int[Math.min(events.size(), schema.rows())];
    int[] lastEvents = new int[wanted.length];
    BitSet known = new BitSet(schema.rows());
    BitSet taken = new BitSet(schema.rows());
    // Backwards: the first that is met of an item is the last that happened.
    int at = wanted.length;
    for (int i = events.size() - 1; i >= 0; i--) {
      BehaviourEvent event = events.get(i);
      int row =
          event.itemId().isPresent()
              ? assortment.embeddingRow(event.itemId().get(), schema.unknownItemBuckets())
              : -1;
      if (row < 0) {
        continue;
      }
      known.set(row);
      if (!taken.get(row) && schema.positiveEvents().contains(event.kind())) {
        taken.set(row);
        at--;
        wanted[at] = row;
        lastEvents[at] = i;
      }
    }
    return new DeviceHistory.Rows(
        Arrays.copyOfRange(wanted, at, wanted.length),
        Arrays.copyOfRange(lastEvents, at, wanted.length),
        known,
        UserFeatures.of(schema, events));
  }
}
