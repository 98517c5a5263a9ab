package io.tacit.coordinator.service.access;

import io.tacit.enrolment.RevocationList;
import java.util.function.Supplier;

/**
 * The newest revocation list that is known here, in memory: every call asks it.
 *
 * <p>Guarantee: never an older list after a newer one. Thread-safe; reading does not wait.
 */
public final class Revocations implements Supplier<RevocationList> {

  private final Supplier<RevocationList> source;
  private volatile RevocationList newest;

  /**
   * Asks for the first.
   *
   * @param source of genuine lists: the authority, or what it publishes; what this throws, comes
   *     through
   */
  public Revocations(Supplier<RevocationList> source) {
    this.source = source;
    this.newest = source.get();
  }

  @Override
  public RevocationList get() {
    return newest;
  }

  /** Asks for the newest list. If the source throws, the list before stays. */
  public synchronized void refresh() {
    RevocationList list = source.get();
    boolean isOlder =
        list.epoch() < newest.epoch()
            || list.epoch() == newest.epoch() && list.issuedAt().isBefore(newest.issuedAt());
    if (!isOlder) {
      newest = list;
    }
  }
}
