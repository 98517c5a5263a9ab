package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a device's events, from the earliest: {@link #read} the next one, {@link #write}
 * its numbers if they are wanted, and {@link #remember} it for those that come later. An event is
 * encoded before it is remembered, so that no history holds the event at hand. Not thread-safe.
 */
final class AttributeRows {

  private final AttributeSlots slots = new AttributeSlots();
  private final List<Column> columns = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private boolean hasMemory;
  private String kind = "";

  AttributeRows(FeatureSchema.Attributes schema) {
    int from = 0;
    for (Feature feature : schema.features()) {
      if (feature instanceof Feature.Pooled pooled) {
        pools.add(new Pool(pooled, column(pooled.of()), from));
        hasMemory = true;
      } else {
        Column column = new Column(feature, slotOf(feature), from);
        columns.add(column);
        hasMemory |= column.encoding.hasMemory();
      }
      from += feature.width();
    }
  }

  private int slotOf(Feature feature) {
    return feature instanceof Feature.ItemId ? AttributeSlots.ITEM : slots.slotOf(feature.name());
  }

  private Column column(Feature feature) {
    return columns.stream()
        .filter(column -> column.name.equals(feature.name()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no feature " + feature.name() + " is listed"));
  }

  /** Whether numbers of an event depend on those that were remembered. */
  boolean hasMemory() {
    return hasMemory;
  }

  /** Lets an event take the place of the one before. */
  void read(BehaviourEvent event) {
    slots.read(event);
    kind = event.kind();
    for (Column column : columns) {
      column.isEncoded = false;
    }
  }

  /**
   * Writes the numbers of the event.
   *
   * @param target all zeros where they go
   * @param from where they go
   * @return what does not fit, without the value
   */
  Optional<String> write(float[] target, int from) {
    for (Column column : columns) {
      column.encode();
      if (column.problem.isPresent()) {
        return column.problem;
      }
      column.numbers.writeTo(target, from + column.from);
    }
    for (Pool pool : pools) {
      pool.history.writeMean(target, from + pool.from);
    }
    return Optional.empty();
  }

  /** Makes the event one of the earlier ones. What does not fit is passed over. */
  void remember() {
    for (Pool pool : pools) {
      if (pool.counts(kind)) {
        pool.source.encode();
        if (pool.source.isPresent()) {
          pool.history.add(pool.source.numbers);
        }
      }
    }
    for (Column column : columns) {
      Object value = slots.get(column.slot);
      if (value != null) {
        column.encoding.learn(value);
      }
    }
  }

  /** A feature that reads the event's own value, which is encoded when it is first asked for. */
  private final class Column {

    private final String name;
    private final int slot;
    private final int from;
    private final ValueEncoding encoding;
    private final SparseNumbers numbers = new SparseNumbers();
    private Optional<String> problem = Optional.empty();
    private boolean isEncoded;

    Column(Feature feature, int slot, int from) {
      this.name = feature.name();
      this.slot = slot;
      this.from = from;
      this.encoding = ValueEncoding.of(feature);
    }

    void encode() {
      if (!isEncoded) {
        numbers.clear();
        @Nullable Object value = slots.get(slot);
        problem = value == null ? Optional.empty() : encoding.encode(value, numbers);
        isEncoded = true;
      }
    }

    boolean isPresent() {
      return slots.get(slot) != null && !problem.isPresent();
    }
  }

  /** A feature that looks back on another one. */
  private static final class Pool {

    private final Feature.Pooled feature;
    private final Column source;
    private final int from;
    private final PooledHistory history;

    Pool(Feature.Pooled feature, Column source, int from) {
      this.feature = feature;
      this.source = source;
      this.from = from;
      this.history = new PooledHistory(feature.last(), feature.halfLife(), feature.width());
    }

    boolean counts(String kind) {
      return feature.events().isEmpty() || feature.events().contains(kind);
    }
  }
}
