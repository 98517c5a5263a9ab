package io.tacit.client.secagg;

import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.SignedAdvertisement;
import java.util.Arrays;

/**
 * Holds a roster against what the device knows and asks for: enough devices, each of which signed
 * for the same session, plan, model and round, each once, and this one as it advertised itself.
 * What costs little comes first.
 */
final class RosterCheck {

  private final SessionTerms terms;
  private final SignedAdvertisement own;
  private final RosterTrust trust;

  RosterCheck(SessionTerms terms, SignedAdvertisement own, RosterTrust trust) {
    this.terms = terms;
    this.own = own;
    this.trust = trust;
  }

  Members check(Roster roster) throws LeaveException {
    requireSize(roster.size());
    requireThreshold(roster);
    byte[] ctx0 = terms.context();
    requireSameSession(roster, ctx0);
    int ownIndex = ownIndex(roster);
    Roster.Opened opened = roster.open(terms.suite(), ctx0, new IdentityKeyCache(roster.size()));
    if (opened instanceof Roster.BadEntry) {
      Roster.BadEntry bad = (Roster.BadEntry) opened;
      throw new LeaveException(
          AbortReason.BAD_ENTRY,
          bad.index(),
          "entry " + bad.index() + " of the roster " + bad.flaw());
    }
    Roster.Members members = (Roster.Members) opened;
    RosterTrust.Judge judge = trust.judge(roster.revocationList().orElse(new byte[0]));
    int index = 0;
    for (Advertised member : members.advertised()) {
      index++;
      judge.check(index, member.identityKey(), member.certificate());
    }
    return new Members(members, ownIndex, terms.survivors());
  }

  private void requireSize(int size) throws LeaveException {
    if (size < terms.minimum() || size > terms.maximum()) {
      throw new LeaveException(
          AbortReason.POLICY_COHORT_TOO_SMALL,
          "the roster has "
              + size
              + " devices, must have "
              + terms.minimum()
              + " to "
              + terms.maximum());
    }
  }

  private static void requireThreshold(Roster roster) throws LeaveException {
    int threshold = SessionTranscript.threshold(roster.size());
    if (roster.threshold() != threshold) {
      throw new LeaveException(
          AbortReason.POLICY_THRESHOLD,
          "the roster's threshold is "
              + roster.threshold()
              + ", must be "
              + threshold
              + " for "
              + roster.size()
              + " devices");
    }
  }

  /**
   * Members who were told something else than this device are no worse than it is: it is the
   * coordinator that told them, so nobody is accused.
   */
  private static void requireSameSession(Roster roster, byte[] ctx0) throws LeaveException {
    for (int index = 1; index <= roster.size(); index++) {
      if (!roster.advertisement(index).isFor(ctx0)) {
        throw new LeaveException(
            AbortReason.MODEL_HASH_MISMATCH,
            "member "
                + index
                + " has signed for another session, plan, model or round than this device");
      }
    }
  }

  private int ownIndex(Roster roster) throws LeaveException {
    int found = 0;
    for (int index = 1; index <= roster.size(); index++) {
      SignedAdvertisement entry = roster.advertisement(index);
      if (Arrays.equals(entry.body(), own.body())
          && Arrays.equals(entry.signature(), own.signature())) {
        found = index;
      }
    }
    if (found == 0) {
      throw new LeaveException(
          AbortReason.ROSTER_EQUIVOCATION,
          "the roster has not this device's own entry, as it advertised itself");
    }
    return found;
  }
}
