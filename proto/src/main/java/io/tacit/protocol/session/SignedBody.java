package io.tacit.protocol.session;

import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import java.util.Arrays;

/** A message as it travels and is stored: bytes that were signed, and the signature over them. */
final class SignedBody {

  private final byte[] body;
  private final byte[] signature;

  private SignedBody(byte[] body, byte[] signature) {
    this.body = body;
    this.signature = signature;
  }

  /** Signs over {@code info(label, body)}; keeps the array. */
  static SignedBody sign(String label, byte[] body, IdentityKeyPair identity) {
    return new SignedBody(body, identity.sign(Transcript.info(label, body)));
  }

  /**
   * Wraps what travelled, unchecked but for its size.
   *
   * @throws IllegalArgumentException if the sizes are beyond the contract
   */
  static SignedBody of(byte[] body, byte[] signature, int bodyBytesMax) {
    if (body.length > bodyBytesMax) {
      throw new IllegalArgumentException(
          "message body has " + body.length + " bytes, must be at most " + bodyBytesMax);
    }
    if (signature.length != IdentityKey.SIGNATURE_LENGTH) {
      throw new IllegalArgumentException(
          "message.signature has "
              + signature.length
              + " bytes, must have exactly "
              + IdentityKey.SIGNATURE_LENGTH);
    }
    return new SignedBody(body.clone(), signature.clone());
  }

  /** Reads {@link #toRecord}. */
  static SignedBody fromRecord(byte[] record, int bodyBytesMax) {
    if (record.length < IdentityKey.SIGNATURE_LENGTH) {
      throw new IllegalArgumentException(
          "signed record has "
              + record.length
              + " bytes, must have at least "
              + IdentityKey.SIGNATURE_LENGTH);
    }
    return of(
        Arrays.copyOfRange(record, IdentityKey.SIGNATURE_LENGTH, record.length),
        Arrays.copyOf(record, IdentityKey.SIGNATURE_LENGTH),
        bodyBytesMax);
  }

  boolean isSignedBy(IdentityKey signer, String label, SignatureCheck check) {
    return check.verifies(signer, Transcript.info(label, body), signature);
  }

  /** The bytes themselves; nobody changes them. */
  byte[] body() {
    return body;
  }

  /** The bytes themselves; nobody changes them. */
  byte[] signature() {
    return signature;
  }

  /** Signature, then body: the form in which it is stored. */
  byte[] toRecord() {
    byte[] record = Arrays.copyOf(signature, signature.length + body.length);
    System.arraycopy(body, 0, record, signature.length, body.length);
    return record;
  }
}
