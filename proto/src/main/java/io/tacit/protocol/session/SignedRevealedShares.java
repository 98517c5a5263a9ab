package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.ShamirSharing;
import io.tacit.protocol.v1.RevealedShare;
import io.tacit.protocol.v1.RevealedShares;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Stage UNMASK: a survivor reveals one share of each member, of b if that one survived and of M if
 * it dropped out.
 *
 * <p>Guarantee: {@link #sign} takes the two sets from two bitmaps of which one is within the other,
 * so that no member can be in both; {@link #open} accepts nothing else. Immutable; nothing prints a
 * share.
 */
public final class SignedRevealedShares {

  private static final String SIGNATURE_LABEL = "unmask";

  private final SignedBody signed;

  private SignedRevealedShares(SignedBody signed) {
    this.signed = signed;
  }

  /** What a survivor revealed. */
  public static final class Opened {

    private final byte[][] selfShares;
    private final byte[][] maskShares;

    private Opened(byte[][] selfShares, byte[][] maskShares) {
      this.selfShares = selfShares;
      this.maskShares = maskShares;
    }

    /** Its share of the b of a survivor, 32 bytes. */
    public byte[] selfShareOf(int member) {
      return selfShares[member].clone();
    }

    /** Its share of the M of one that dropped out after it had shared, 32 bytes. */
    public byte[] maskShareOf(int member) {
      return maskShares[member].clone();
    }

    @Override
    public String toString() {
      return "Opened[]";
    }
  }

  /**
   * Signs what survivors reveal.
   *
   * @param survivorsDigest that this device signed in stage CONSISTENCY
   * @param u2 who shared
   * @param u3 who survived, within u2
   * @param selfShareOf the share of the b of a survivor, 32 bytes; asked for members of u3 only
   * @param maskShareOf the share of the M of one that dropped out; asked for the rest of u2 only
   * @throws IllegalArgumentException if u3 is not within u2
   */
  public static SignedRevealedShares sign(
      byte[] survivorsDigest,
      MemberSet u2,
      MemberSet u3,
      IntFunction<byte[]> selfShareOf,
      IntFunction<byte[]> maskShareOf,
      IdentityKeyPair identity) {
    if (!u3.isSubsetOf(u2)) {
      throw new IllegalArgumentException(
          "survivors are " + u3 + ", must be some of those who shared, " + u2);
    }
    RevealedShares.Builder message =
        RevealedShares.newBuilder().setR3Digest(ByteString.copyFrom(survivorsDigest));
    u3.forEach(of -> message.addSelfShares(share(of, selfShareOf.apply(of))));
    u2.minus(u3).forEach(of -> message.addMaskShares(share(of, maskShareOf.apply(of))));
    return new SignedRevealedShares(
        SignedBody.sign(SIGNATURE_LABEL, message.build().toByteArray(), identity));
  }

  private static RevealedShare share(int of, byte[] share) {
    return RevealedShare.newBuilder().setOf(of).setShare(ByteString.copyFrom(share)).build();
  }

  /**
   * Wraps what travelled, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedRevealedShares of(byte[] body, byte[] signature) {
    return new SignedRevealedShares(
        SignedBody.of(body, signature, WireLimits.REVEALED_SHARES_BYTES_MAX));
  }

  /**
   * Reads what {@link #toRecord} wrote, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedRevealedShares fromRecord(byte[] record) {
    return new SignedRevealedShares(
        SignedBody.fromRecord(record, WireLimits.REVEALED_SHARES_BYTES_MAX));
  }

  /**
   * What the survivor revealed.
   *
   * @param survivorsDigest of these two sets
   * @param u2 who shared
   * @param u3 who survived, within u2
   * @param signer key of the sender
   * @return empty for any flaw: also if a share is missing, or there is one too many
   */
  public Optional<Opened> open(
      byte[] survivorsDigest, MemberSet u2, MemberSet u3, IdentityKey signer) {
    return open(survivorsDigest, u2, u3, signer, SignatureCheck.EACH_TIME);
  }

  /** The same, with the verifier's own way to check signatures. */
  public Optional<Opened> open(
      byte[] survivorsDigest,
      MemberSet u2,
      MemberSet u3,
      IdentityKey signer,
      SignatureCheck check) {
    try {
      RevealedShares message =
          WireField.message(
              "revealed shares",
              signed.body(),
              WireLimits.REVEALED_SHARES_BYTES_MAX,
              RevealedShares::parseFrom);
      return Arrays.equals(message.getR3Digest().toByteArray(), survivorsDigest)
              && signed.isSignedBy(signer, SIGNATURE_LABEL, check)
          ? Optional.of(
              new Opened(
                  shares("self_shares", message.getSelfSharesList(), u3),
                  shares("mask_shares", message.getMaskSharesList(), u2.minus(u3))))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** By member; those of others are empty. */
  private static byte[][] shares(String what, List<RevealedShare> messages, MemberSet of) {
    int[] members = of.toArray();
    WireField.within(what, messages.size(), members.length, members.length);
    byte[][] shares = new byte[of.rosterSize() + 1][0];
    for (int i = 0; i < members.length; i++) {
      RevealedShare message = messages.get(i);
      WireField.within(what + ".of", message.getOf(), members[i], members[i]);
      shares[members[i]] =
          WireField.exactly(what + ".share", ShamirSharing.SECRET_LENGTH, message.getShare());
    }
    return shares;
  }

  /** The signed bytes. */
  public byte[] body() {
    return signed.body().clone();
  }

  /** The signature over them, 64 bytes. */
  public byte[] signature() {
    return signed.signature().clone();
  }

  /** Signature, then body: the form in which it is stored. */
  public byte[] toRecord() {
    return signed.toRecord();
  }
}
