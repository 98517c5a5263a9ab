package io.tacit.coordinator.sessions;

import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionPublicKey;
import io.tacit.protocol.session.SignedKeyShares;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * All that masks can be rebuilt and checked from. Members are named by their index on the roster.
 *
 * @param suite CLASSIC or HYBRID
 * @param ctx0 what binds the session
 * @param ctx1 its roster
 * @param threshold shares that a secret takes
 * @param u2 who shared
 * @param u3 whose updates are in the sum
 * @param maskKeys advertised by each member, from 1; element 0 is unused
 * @param keyShares what each of u2 handed in
 * @param revealed shares by who revealed them
 */
record MaskEvidence(
    Suite suite,
    byte[] ctx0,
    byte[] ctx1,
    int threshold,
    MemberSet u2,
    MemberSet u3,
    SessionPublicKey[] maskKeys,
    Map<Integer, SignedKeyShares.Opened> keyShares,
    Map<Integer, Revealed> revealed) {

  /**
   * The shares that one survivor revealed. They are secret no more.
   *
   * @param ofSurvivor its share of the b of a survivor, 32 bytes
   * @param ofDropped its share of the M of one that dropped out, 32 bytes
   */
  record Revealed(IntFunction<byte[]> ofSurvivor, IntFunction<byte[]> ofDropped) {

    @Override
    public String toString() {
      return "Revealed[]";
    }
  }

  /** Who dropped out after sharing: their pair masks are in the sum. */
  MemberSet dropped() {
    return u2.minus(u3);
  }

  @Override
  public String toString() {
    return "MaskEvidence[" + suite + ", u2 " + u2 + ", u3 " + u3 + "]";
  }
}
