package io.tacit.coordinator.aggregation;

/** Counts what is inside a bounded place; turns away what does not fit. Safe for many threads. */
final class Admission {

  private final String place;
  private final int itemsMax;
  private final long bytesMax;
  private int items;
  private long bytes;

  Admission(String place, int itemsMax, long bytesMax) {
    this.place = place;
    this.itemsMax = itemsMax;
    this.bytesMax = bytesMax;
  }

  /** Lets an item in if it fits; one that is larger than the place only into an empty one. */
  synchronized boolean enter(long itemBytes) {
    if (items == itemsMax || (items > 0 && itemBytes > bytesMax - bytes)) {
      return false;
    }
    items++;
    bytes += itemBytes;
    return true;
  }

  /** As {@link #enter}, without the exception for an empty place. */
  synchronized boolean enterIfItFits(long itemBytes) {
    return itemBytes <= bytesMax && enter(itemBytes);
  }

  synchronized void leave(long itemBytes) {
    items--;
    bytes -= itemBytes;
  }

  Refused refusal() {
    return Refused.busy(place, itemsMax, bytesMax);
  }

  synchronized int items() {
    return items;
  }

  synchronized long bytes() {
    return bytes;
  }
}
