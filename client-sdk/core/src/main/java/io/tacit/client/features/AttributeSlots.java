package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one event at a time carries of the attributes that a schema reads: a {@code Double}, a
 * {@code String} or an {@code EventVector} per slot. Slot 0 is the item. Going through an event's
 * attributes once costs less than looking each of them up for each feature. Not thread-safe.
 */
final class AttributeSlots {

  /** The slot of the event's item. */
  static final int ITEM = 0;

  private final Map<String, Integer> slots = new HashMap<>();
  private @Nullable Object[] values = new Object[1];

  /** The slot of an attribute, from now on filled by every event that carries it. */
  int slotOf(String attribute) {
    int slot = slots.computeIfAbsent(attribute, name -> slots.size() + 1);
    if (slot >= values.length) {
      values = Arrays.copyOf(values, 2 * slot);
    }
    return slot;
  }

  /** Lets an event take the place of the one before. */
  void read(BehaviourEvent event) {
    Arrays.fill(values, null);
    values[ITEM] = event.itemId().orElse(null);
    event.numbers().forEach(this::fill);
    event.texts().forEach(this::fill);
    event.vectors().forEach(this::fill);
  }

  private void fill(String attribute, Object value) {
    Integer slot = slots.get(attribute);
    if (slot != null) {
      values[slot] = value;
    }
  }

  /** What the event has there, null if nothing. */
  @Nullable Object get(int slot) {
    return values[slot];
  }
}
