package io.tacit.client.secagg;

import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.Survivors;

/** Holds what is published after the roster against it: who is in it, and are they enough. */
final class QuorumCheck {

  private QuorumCheck() {}

  /** That those who shared (U2) are enough, and this device is among them. */
  static void shared(MemberSet u2, Members members) throws LeaveException {
    if (!u2.contains(members.own())) {
      throw new LeaveException(
          AbortReason.NOT_IN_U2, "this device shared its keys, and is said not to have");
    }
    requireEnough("have shared their keys", u2, members);
  }

  /** That those in the sum (U3) are of U2 as it was, enough, and this device is among them. */
  static void survived(Survivors survivors, Members members, MemberSet u2) throws LeaveException {
    MemberSet u3 = survivors.u3();
    if (!survivors.u2().equals(u2)) {
      throw new LeaveException(
          AbortReason.SURVIVOR_EQUIVOCATION,
          "those that shared are not those that this device was told of before");
    }
    if (!u3.isSubsetOf(u2)) {
      throw new LeaveException(
          AbortReason.SURVIVOR_EQUIVOCATION,
          "among the survivors are members that have not shared their keys");
    }
    if (!u3.contains(members.own())) {
      throw new LeaveException(
          AbortReason.NOT_IN_U3, "this device sent its update, and is said not to have");
    }
    requireEnough("have sent their updates", u3, members);
  }

  private static void requireEnough(String what, MemberSet set, Members members)
      throws LeaveException {
    // INVARIANT: fewer never reach a signature. Noise was planned for so many in the sum, and with
    // fewer that shared there can not be as many.
    if (set.size() < members.survivorsMinimum()) {
      throw new LeaveException(
          AbortReason.POLICY_THRESHOLD,
          set.size() + " members " + what + ", must be at least " + members.survivorsMinimum());
    }
  }

  /**
   * That at least t different members of U3 have signed what this device has.
   *
   * @param digest as the device computed and signed it
   */
  static void signed(SignatureSet signatures, Members members, MemberSet u3, byte[] digest)
      throws LeaveException {
    // INVARIANT: a member counts once, and only if it is in the U3 that this device has signed.
    int signers = signatures.signers(digest, u3, members::identity, members.threshold()).size();
    if (signers < members.threshold()) {
      throw new LeaveException(
          AbortReason.SIG_QUORUM,
          signers
              + " survivors have signed whose updates are in the sum, must be at least "
              + members.threshold());
    }
  }
}
