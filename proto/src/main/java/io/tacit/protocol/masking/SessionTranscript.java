package io.tacit.protocol.masking;

import static io.tacit.protocol.crypto.Transcript.hash;
import static io.tacit.protocol.crypto.Transcript.info;
import static io.tacit.protocol.crypto.Transcript.u32;

import java.util.List;

/**
 * What the members of a session have in common as it goes on, one hash upon the other, and how many
 * of them it takes:
 *
 * <pre>
 * ctx0      = who, what and when, of {@link io.tacit.protocol.crypto.Transcript#sessionContext}
 * eh_i      = H("entry", u32 i, body_i || signature_i)         of each signed advertisement
 * ctx1      = H("roster", ctx0, u32 n, u32 t, eh_1 .. eh_n)
 * ctx2      = H("u2", ctx1, bitmap of those who shared)
 * r3_digest = H("r3", ctx2, bitmap of the survivors)           signed over info("r3sig", r3_digest)
 * </pre>
 *
 * <p>Members that were told different things have different hashes from there on, and nothing of
 * one opens, or is signed, for the other.
 */
public final class SessionTranscript {

  private SessionTranscript() {}

  /**
   * How many members it takes to find a secret, and to sign for the survivors: {@code floor(2n/3) +
   * 1}. Two sets of survivors can not both get as many signatures, and nobody can have both secrets
   * of a member, unless more than {@link #colludersTolerated} collude with the coordinator.
   *
   * @param members n, 1 to {@link MemberSet#ROSTER_SIZE_MAX}
   */
  public static int threshold(int members) {
    if (members < 1 || members > MemberSet.ROSTER_SIZE_MAX) {
      throw new IllegalArgumentException(
          "roster has " + members + " members, must have 1 to " + MemberSet.ROSTER_SIZE_MAX);
    }
    return 2 * members / 3 + 1;
  }

  /** How many members may drop out of a session that still ends with a sum: n - t. */
  public static int dropoutsTolerated(int members) {
    return members - threshold(members);
  }

  /** How many members may collude with the coordinator and learn sums only: 2t - n - 1. */
  public static int colludersTolerated(int members) {
    return 2 * threshold(members) - members - 1;
  }

  /**
   * The hash of an entry of the roster.
   *
   * @param index i, from 1
   * @param body and signature of the advertisement, as they travelled
   */
  public static byte[] entry(int index, byte[] body, byte[] signature) {
    return hash("entry", u32(index), KeySchedule.concatenated(body, signature));
  }

  /**
   * ctx1, 32 bytes.
   *
   * @param entries of all n members, in the order of their index
   */
  public static byte[] roster(byte[] ctx0, List<byte[]> entries) {
    byte[][] parts = new byte[3 + entries.size()][];
    parts[0] = ctx0;
    parts[1] = u32(entries.size());
    parts[2] = u32(threshold(entries.size()));
    for (int i = 0; i < entries.size(); i++) {
      parts[3 + i] = entries.get(i);
    }
    return hash("roster", parts);
  }

  /** ctx2, 32 bytes. */
  public static byte[] shared(byte[] ctx1, MemberSet u2) {
    return hash("u2", ctx1, u2.toBitmap());
  }

  /** The digest that survivors sign, 32 bytes. */
  public static byte[] survivors(byte[] ctx2, MemberSet u3) {
    return hash("r3", ctx2, u3.toBitmap());
  }

  /** What a survivor signs. */
  public static byte[] signedBySurvivor(byte[] survivorsDigest) {
    return info("r3sig", survivorsDigest);
  }
}
