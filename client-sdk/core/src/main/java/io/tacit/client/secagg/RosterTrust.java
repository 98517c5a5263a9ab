package io.tacit.client.secagg;

import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.RevocationList;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whom a device takes for a device: who has a certificate of an authority that the app pins, in its
 * time and not revoked; without a pinned authority, whoever has a key.
 *
 * <p>Assumes: the authority is not in the coordinator's hands. One that certifies for the
 * coordinator as many devices as it likes makes every promise about the others empty, and so does
 * no authority at all. Immutable and thread-safe.
 */
public final class RosterTrust {

  /** A revocation list that is older may lack what was revoked since. */
  static final Duration REVOCATION_LIST_AGE_MAX = Duration.ofHours(24);

  private final List<IdentityKey> authorities;
  private final Clock clock;

  private RosterTrust(List<IdentityKey> authorities, Clock clock) {
    this.authorities = List.copyOf(authorities);
    this.clock = clock;
  }

  /** In whoever has a key: for development, as a coordinator can make up any number of keys. */
  public static RosterTrust inKeysAlone() {
    return new RosterTrust(List.of(), Clock.systemUTC());
  }

  /**
   * In who has a certificate.
   *
   * @param authorities that the app pins, at least one
   * @param clock to tell what is over
   */
  public static RosterTrust in(List<IdentityKey> authorities, Clock clock) {
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("no authorities, must be at least one");
    }
    return new RosterTrust(authorities, clock);
  }

  /** Whether somebody other than the coordinator says what a device is. */
  public boolean hasAuthority() {
    return !authorities.isEmpty();
  }

  /**
   * Judges the members of a roster by the list that came with it.
   *
   * @throws LeaveException if nobody can be judged by it
   */
  Judge judge(byte[] revocationList) throws LeaveException {
    if (!hasAuthority()) {
      return (index, identity, certificate) -> {};
    }
    for (IdentityKey authority : authorities) {
      Optional<RevocationList> list = RevocationList.read(revocationList, authority);
      if (list.isPresent()) {
        requireFresh(list.get());
        return (index, identity, certificate) ->
            check(
                index,
                certificate.flatMap(der -> IdentityCertificate.read(der, identity)),
                authority,
                list.get());
      }
    }
    throw new LeaveException(
        AbortReason.REVOCATION_LIST,
        "the roster's revocation list of "
            + revocationList.length
            + " bytes is signed by none of the "
            + authorities.size()
            + " authorities that the app pins");
  }

  private void requireFresh(RevocationList list) throws LeaveException {
    long ageMillis = clock.millis() - list.issuedAtMillis();
    if (ageMillis > REVOCATION_LIST_AGE_MAX.toMillis()) {
      throw new LeaveException(
          AbortReason.REVOCATION_LIST,
          "the roster's revocation list is "
              + ageMillis / 60_000
              + " minutes old, must be at most "
              + REVOCATION_LIST_AGE_MAX.toMinutes()
              + "; check the clock of this device");
    }
  }

  private void check(
      int index, Optional<IdentityCertificate> read, IdentityKey authority, RevocationList list)
      throws LeaveException {
    IdentityCertificate certificate =
        read.orElseThrow(() -> bad(index, "has no certificate of its key"));
    if (!certificate.isSignedBy(authority)) {
      throw bad(index, "has a certificate of another authority than the revocation list");
    }
    if (certificate.isExpiredAt(clock.millis())) {
      throw bad(index, "has a certificate that has expired");
    }
    if (list.contains(certificate)) {
      throw bad(index, "has a certificate that is revoked");
    }
  }

  private static LeaveException bad(int index, String what) {
    return new LeaveException(AbortReason.BAD_ENTRY, index, "member " + index + " " + what);
  }

  /** Says whether a member is a device. */
  @FunctionalInterface
  interface Judge {

    /**
     * Looks at one member.
     *
     * @param certificate in DER, if it has one
     * @throws LeaveException if it is none
     */
    void check(int index, IdentityKey identity, Optional<byte[]> certificate) throws LeaveException;
  }
}
