package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.v1.KeyShares;
import io.tacit.protocol.v1.PeerBox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Stage SHARE_KEYS: a member hands in the sealed shares of its two secrets for all others.
 *
 * <p>Guarantee: {@link #open} proves that the member signed for exactly this roster, and that there
 * is a box of the right form for each other member. What is in the boxes only their receivers can
 * tell. Immutable.
 */
public final class SignedKeyShares {

  /** Length of a commitment to b in bytes. */
  public static final int COMMITMENT_LENGTH = 32;

  private static final String SIGNATURE_LABEL = "shares";

  private final SignedBody signed;

  private SignedKeyShares(SignedBody signed) {
    this.signed = signed;
  }

  /**
   * What a member handed in.
   *
   * @param boxes for each other member, in ascending order
   * @param selfCommitment to b, 32 bytes; copied in and out
   */
  public record Opened(List<ShareBox> boxes, byte[] selfCommitment) {

    public Opened {
      boxes = List.copyOf(boxes);
      selfCommitment = selfCommitment.clone();
    }

    @Override
    public byte[] selfCommitment() {
      return selfCommitment.clone();
    }

    /**
     * The box for a member.
     *
     * @throws IllegalArgumentException if there is none, as for the sender itself
     */
    public ShareBox boxFor(int member) {
      for (ShareBox box : boxes) {
        if (box.peer() == member) {
          return box;
        }
      }
      throw new IllegalArgumentException("no box is for member " + member);
    }

    @Override
    public String toString() {
      return "Opened[" + boxes.size() + " boxes]";
    }
  }

  /**
   * Signs for a roster.
   *
   * @param ctx1 of the roster
   * @param boxes for each other member, in ascending order
   * @param selfCommitment to b, 32 bytes
   */
  public static SignedKeyShares sign(
      byte[] ctx1, List<ShareBox> boxes, byte[] selfCommitment, IdentityKeyPair identity) {
    KeyShares.Builder message =
        KeyShares.newBuilder()
            .setCtx1(ByteString.copyFrom(ctx1))
            .setSelfCommitment(ByteString.copyFrom(selfCommitment));
    for (ShareBox box : boxes) {
      message.addBoxes(box.toPeerBox());
    }
    return new SignedKeyShares(
        SignedBody.sign(SIGNATURE_LABEL, message.build().toByteArray(), identity));
  }

  /**
   * Wraps what travelled, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedKeyShares of(byte[] body, byte[] signature) {
    return new SignedKeyShares(SignedBody.of(body, signature, WireLimits.SIGNED_BODY_BYTES_MAX));
  }

  /**
   * Reads what {@link #toRecord} wrote, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SignedKeyShares fromRecord(byte[] record) {
    return new SignedKeyShares(SignedBody.fromRecord(record, WireLimits.SIGNED_BODY_BYTES_MAX));
  }

  /**
   * What the member signed for this roster.
   *
   * @param suite of the session
   * @param ctx1 of the roster
   * @param rosterSize n
   * @param member index of the sender
   * @param signer key of the sender
   * @return empty for any flaw
   */
  public Optional<Opened> open(
      Suite suite, byte[] ctx1, int rosterSize, int member, IdentityKey signer) {
    return open(suite, ctx1, rosterSize, member, signer, SignatureCheck.EACH_TIME);
  }

  /** The same, with the verifier's own way to check signatures. */
  public Optional<Opened> open(
      Suite suite,
      byte[] ctx1,
      int rosterSize,
      int member,
      IdentityKey signer,
      SignatureCheck check) {
    try {
      KeyShares message =
          WireField.message(
              "key shares", signed.body(), WireLimits.SIGNED_BODY_BYTES_MAX, KeyShares::parseFrom);
      if (!Arrays.equals(message.getCtx1().toByteArray(), ctx1)
          || message.getBoxesCount() != rosterSize - 1
          || !signed.isSignedBy(signer, SIGNATURE_LABEL, check)) {
        return Optional.empty();
      }
      List<ShareBox> boxes = new ArrayList<>(rosterSize);
      int before = 0;
      for (PeerBox box : message.getBoxesList()) {
        before = WireField.after("boxes.to", before, box.getTo(), rosterSize);
        if (before == member) {
          return Optional.empty();
        }
        boxes.add(ShareBox.read(suite, member, box));
      }
      return Optional.of(
          new Opened(
              boxes,
              WireField.exactly(
                  "self_commitment", COMMITMENT_LENGTH, message.getSelfCommitment())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
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
