package io.tacit.coordinator.sessions;

/** A queue of the coordinator is full: the same call may succeed a little later. */
public final class BusyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BusyException(String message) {
    super(message);
  }
}
