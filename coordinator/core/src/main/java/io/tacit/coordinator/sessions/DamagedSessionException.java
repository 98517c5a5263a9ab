package io.tacit.coordinator.sessions;

import io.tacit.coordinator.aggregation.CorruptLogException;

/** The log of a session is not what it was: the session is to be given up, for this reason. */
public final class DamagedSessionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DamagedSessionException(String what) {
    super("its log is damaged: " + what);
  }

  /** Acknowledged records are damaged. */
  public static DamagedSessionException of(CorruptLogException cause) {
    DamagedSessionException damaged =
        new DamagedSessionException(String.valueOf(cause.getMessage()));
    damaged.initCause(cause);
    return damaged;
  }
}
