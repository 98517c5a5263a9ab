package io.tacit.client.behaviour;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the behaviour of one device's user.
 *
 * <p>Guarantee: bounded, in order of recording, and gone after {@link #forget}. What {@link
 * #record} took survives the death of the process at any moment; what {@link #recordDurably} or
 * {@link #sync} took survives a power cut too. Safe for use by threads.
 */
public interface BehaviourStore {

  /** How many events {@link #events} gives at most. */
  int WINDOW_EVENTS = 10_000;

  /**
   * Adds events, in this order, without waiting for the disk: a power cut within the next seconds
   * may lose them, the death of the process does not.
   *
   * @throws IOException if the storage fails, for instance because it is full. The first of these
   *     events may be there then; all earlier ones are, and recording works again when the storage
   *     does
   */
  void record(List<BehaviourEvent> events) throws IOException;

  /**
   * Adds an event as {@link #record(List)} does.
   *
   * @throws IOException if the storage fails
   */
  default void record(BehaviourEvent event) throws IOException {
    record(List.of(event));
  }

  /**
   * Adds events, in this order, and waits until they and all earlier ones are on the disk.
   *
   * @throws IOException as in {@link #record(List)}, or if it is not known that they are on the
   *     disk
   */
  default void recordDurably(List<BehaviourEvent> events) throws IOException {
    record(events);
    sync();
  }

  /**
   * Waits until all events are on the disk.
   *
   * @throws IOException if that is not known
   */
  void sync() throws IOException;

  /**
   * Reads all events, the earliest first, with little memory. Damage is skipped.
   *
   * @param visitor gets each event; it may take its time, others record meanwhile. What is recorded
   *     while this runs may be read or not
   * @return what could not be read
   * @throws IOException if the storage fails
   */
  IntegrityReport scan(Consumer<BehaviourEvent> visitor) throws IOException;

  /**
   * The latest events, in the order in which they were recorded.
   *
   * @param count how many at most, at least 0; as many are in memory at once
   * @throws IOException if the storage fails
   */
  List<BehaviourEvent> latest(int count) throws IOException;

  /**
   * The window of the past that features and recommendations look through: the latest {@value
   * #WINDOW_EVENTS} events at most, in the order in which they were recorded.
   *
   * @throws IOException if the storage fails
   */
  default List<BehaviourEvent> events() throws IOException {
    return latest(WINDOW_EVENTS);
  }

  /**
   * How many events are kept. Events that reading skips, because they are damaged or just too old,
   * count until their file is dropped.
   *
   * @throws IOException if the storage fails
   */
  int count() throws IOException;

  /**
   * Deletes all events for good. One that was cut short is completed when the store is opened next.
   *
   * @return what was deleted, after it has been made sure that nothing is left
   * @throws IOException if the storage fails; call it again
   */
  Erasure forget() throws IOException;
}
