package io.tacit.client.secagg;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import io.tacit.protocol.session.SignedAdvertisement;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a device saw of a session, for comparison with what is published afterwards. None of it is
 * secret. Immutable.
 */
public final class MemberView {

  private final SessionTerms terms;
  private final SignedAdvertisement advertisement;

  /** Each null if the device was not told in time. */
  private final @Nullable Members members;

  private final @Nullable MemberSet u2;
  private final @Nullable MemberSet u3;

  /** The signatures among which the device has found enough, as published; not to be changed. */
  private final byte @Nullable [] quorum;

  MemberView(
      SessionTerms terms,
      SignedAdvertisement advertisement,
      @Nullable Members members,
      @Nullable MemberSet u2,
      @Nullable MemberSet u3,
      byte @Nullable [] quorum) {
    this.terms = terms;
    this.advertisement = advertisement;
    this.members = members;
    this.u2 = u2;
    this.u3 = u3;
    this.quorum = quorum;
  }

  /** Devices on the roster, 0 before there is one. */
  public int rosterSize() {
    return members == null ? 0 : members.size();
  }

  /** Found wrong; leaves the nested steps of this class. */
  private static final class FindingException extends Exception {

    private static final long serialVersionUID = 1;

    FindingException(String finding) {
      super(finding, null, false, false);
    }
  }

  private static void require(boolean holds, String finding) throws FindingException {
    if (!holds) {
      throw new FindingException(finding);
    }
  }

  /**
   * What the record of the round says else than this device saw.
   *
   * <p>Guarantee: without a finding, enough survivors of this device's session were told the same
   * plan, model, round, roster and survivors as this device. Tamper-evident, not a proof of correct
   * addition: nobody can see from it that the sum was added up or applied right. Other sessions of
   * the round are not looked at: see {@link RoundRecord#flaw}.
   *
   * @param newModel that the device was told the round has made
   * @return for people; empty if there is no contradiction
   */
  public Optional<String> contradictionIn(RoundRecord record, ContentHash newModel) {
    try {
      require(record.round().equals(terms.round()), "it is of round " + record.round());
      require(record.planHash().equals(terms.planHash()), "it names another plan");
      require(record.baseModel().equals(terms.modelHash()), "it began with another model");
      require(record.newModel().equals(newModel), "it made another model");
      SessionRecord session = ownSession(record);
      Members all = ownRoster(session);
      requireSurvivors(session, all);
      return Optional.empty();
    } catch (FindingException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private SessionRecord ownSession(RoundRecord record) throws FindingException {
    for (SessionRecord session : record.sessions()) {
      if (session.session().equals(terms.session())) {
        require(session.suite() == terms.suite(), "this device's session is of another suite");
        return session;
      }
    }
    throw new FindingException("this device's session is not in it");
  }

  private Members ownRoster(SessionRecord session) throws FindingException {
    Members all = members;
    if (all == null) {
      throw new FindingException("it has a roster, of which this device was never told");
    }
    require(
        all.own() <= session.roster().size()
            && Arrays.equals(
                session.roster().advertisement(all.own()).toRecord(), advertisement.toRecord()),
        "this device's own entry is not as it advertised itself");
    require(
        Arrays.equals(session.roster().context(terms.context()), all.ctx1()),
        "the roster of this device's session is another");
    return all;
  }

  private void requireSurvivors(SessionRecord session, Members all) throws FindingException {
    MemberSet shared = session.survivors().u2();
    MemberSet survived = session.survivors().u3();
    require(u2 == null || shared.equals(u2), "others have shared their keys");
    require(u3 == null || survived.equals(u3), "others' updates are in the sum");
    require(
        survived.contains(all.own()),
        "this device's update is not in the sum, and the coordinator said that it has it");
    require(
        survived.isSubsetOf(shared) && survived.size() >= all.survivorsMinimum(),
        "too few updates are in the sum, or those of members that shared no keys");
    if (quorum != null && Arrays.equals(session.signatures().toBytes(), quorum)) {
      // They were verified for the same roster, u2 and u3, before this device revealed anything.
      return;
    }
    byte[] digest = session.survivors().digest(all.ctx1());
    int signers =
        session.signatures().signers(digest, survived, all::identity, all.threshold()).size();
    require(
        signers >= all.threshold(),
        signers
            + " survivors have signed whose updates are in the sum, must be at least "
            + all.threshold());
  }

  @Override
  public String toString() {
    return "MemberView[" + terms.session() + "]";
  }
}
