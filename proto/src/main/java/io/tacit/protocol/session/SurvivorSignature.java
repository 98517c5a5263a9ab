package io.tacit.protocol.session;

import com.google.protobuf.ByteString;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.SessionTranscript;
import java.util.Arrays;

/**
 * Stage CONSISTENCY: a survivor signs whose updates are in the sum. It signs the digest alone, not
 * the message around it, so that the others can check it with the digest that they know. Immutable.
 */
public final class SurvivorSignature {

  /** A digest of 32 bytes and its tag; more is room for later fields. */
  private static final int BODY_BYTES_MAX = 256;

  private final SignedBody signed;

  private SurvivorSignature(SignedBody signed) {
    this.signed = signed;
  }

  /** Signs the digest of the survivors. */
  public static SurvivorSignature sign(byte[] survivorsDigest, IdentityKeyPair identity) {
    return of(
        body(survivorsDigest), identity.sign(SessionTranscript.signedBySurvivor(survivorsDigest)));
  }

  private static byte[] body(byte[] survivorsDigest) {
    return io.tacit.protocol.v1.SurvivorSignature.newBuilder()
        .setR3Digest(ByteString.copyFrom(survivorsDigest))
        .build()
        .toByteArray();
  }

  /**
   * Wraps what travelled, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SurvivorSignature of(byte[] body, byte[] signature) {
    return new SurvivorSignature(SignedBody.of(body, signature, BODY_BYTES_MAX));
  }

  /**
   * Reads what {@link #toRecord} wrote, unchecked.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  public static SurvivorSignature fromRecord(byte[] record) {
    return new SurvivorSignature(SignedBody.fromRecord(record, BODY_BYTES_MAX));
  }

  /** Whether it is this signer's for this digest. */
  public boolean verify(byte[] survivorsDigest, IdentityKey signer) {
    return Arrays.equals(signed.body(), body(survivorsDigest))
        && signer.verifies(SessionTranscript.signedBySurvivor(survivorsDigest), signed.signature());
  }

  /** The signature as it is published. */
  public IndexedSignature indexed(int index) {
    return new IndexedSignature(index, signed.signature());
  }

  /** The message; the digest is what is signed of it. */
  public byte[] body() {
    return signed.body().clone();
  }

  /** The signature over the digest, 64 bytes. */
  public byte[] signature() {
    return signed.signature().clone();
  }

  /** Signature, then body: the form in which it is stored. */
  public byte[] toRecord() {
    return signed.toRecord();
  }
}
