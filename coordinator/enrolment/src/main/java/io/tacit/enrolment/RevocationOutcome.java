package io.tacit.enrolment;

/** What became of a revocation. */
public sealed interface RevocationOutcome {

  /**
   * The device's certificates are on the list from this epoch on.
   *
   * @param epoch the number of the new list
   * @param certificates how many were added: of the same key or chain of renewals
   */
  record Revoked(long epoch, int certificates) implements RevocationOutcome {}

  /**
   * All certificates of the device were on the list before.
   *
   * @param epoch the number of the list, which stays
   */
  record AlreadyRevoked(long epoch) implements RevocationOutcome {}

  /**
   * The authority has no such certificate in its books.
   *
   * @param serial the number that was asked for
   */
  record UnknownCertificate(SerialNumber serial) implements RevocationOutcome {}
}
