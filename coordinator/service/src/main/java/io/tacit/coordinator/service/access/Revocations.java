package io.tacit.coordinator.service.access;

import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.RevocationList;
import java.util.function.Supplier;

/**
 * The newest revocation list that is known here, in memory: every call asks it.
 *
 * <p>Thread-safe; reading does not wait.
 */
public final class Revocations implements Supplier<RevocationList> {

  private final EnrolmentAuthority authority;
  private volatile RevocationList newest;

  /**
   * Asks for the first.
   *
   * @throws io.tacit.enrolment.EnrolmentDatabaseException if the authority's books can not be read
   */
  public Revocations(EnrolmentAuthority authority) {
    this.authority = authority;
    this.newest = authority.revocationList();
  }

  @Override
  public RevocationList get() {
    return newest;
  }

  /**
   * Asks the authority for its newest list: one row, unless there is one.
   *
   * @throws io.tacit.enrolment.EnrolmentDatabaseException if its books can not be read: the list
   *     before stays
   */
  public void refresh() {
    newest = authority.revocationList();
  }
}
