package io.tacit.client.behaviour;

import java.io.IOException;
import java.util.List;

/**
 * Keeps the behaviour of one device's user.
 *
 * <p>Guarantee: bounded, in order of recording, and gone after {@link #forget}. Safe for use by
 * threads.
 */
public interface BehaviourStore {

  /**
   * Adds events, in this order.
   *
   * @throws IOException if the storage fails; a part of them may be there then
   */
  void record(List<BehaviourEvent> events) throws IOException;

  /**
   * Adds an event.
   *
   * @throws IOException if the storage fails
   */
  default void record(BehaviourEvent event) throws IOException {
    record(List.of(event));
  }

  /**
   * All events, in the order in which they were recorded.
   *
   * @throws IOException if the storage fails
   */
  List<BehaviourEvent> events() throws IOException;

  /**
   * How many events there are.
   *
   * @throws IOException if the storage fails
   */
  int count() throws IOException;

  /**
   * Deletes all events for good.
   *
   * @throws IOException if the storage fails; call it again
   */
  void forget() throws IOException;
}
