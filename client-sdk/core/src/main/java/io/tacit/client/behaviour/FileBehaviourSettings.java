package io.tacit.client.behaviour;

/**
 * How a {@link FileBehaviourStore} keeps events. Immutable.
 *
 * @param eventsMax the latest so many are kept, 1 to 1 000 000
 * @param sync when a recorded event is safe from a crash of the whole device
 */
public record FileBehaviourSettings(int eventsMax, Sync sync) {

  private static final int EVENTS_MAX = 1_000_000;

  /** When a recorded event is safe from a crash of the whole device. */
  public enum Sync {
    /** Before {@code record} returns. */
    EVERY_RECORD,
    /** When the operating system gets to it, within seconds; a crash of the app loses nothing. */
    SYSTEM
  }

  public FileBehaviourSettings {
    if (eventsMax < 1 || eventsMax > EVENTS_MAX) {
      throw new IllegalArgumentException(
          "eventsMax is " + eventsMax + ", must be 1 to " + EVENTS_MAX + "; 10000 is usual");
    }
  }

  /** The latest 10 000 events, synced by the system: a click is not worth a wait. */
  public static FileBehaviourSettings defaults() {
    return new FileBehaviourSettings(10_000, Sync.SYSTEM);
  }
}
