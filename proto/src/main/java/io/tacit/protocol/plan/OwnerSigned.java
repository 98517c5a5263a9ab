package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.OwnerSignature;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a message that the model's owner may have signed. The signature is the last field of the
 * message, so that what it covers is found without serialising anything again. Immutable.
 */
final class OwnerSigned {

  /** Of every message that may be signed, see {@code plan.proto}. */
  private static final int FIELD = io.tacit.protocol.v1.TrainingPlan.SIGNATURE_FIELD_NUMBER;

  private static final int SIGNATURE_LENGTH = 64;

  /** A key id and a signature, each behind its tag and length. */
  private static final int FIELD_LENGTH = 2 + ContentHash.LENGTH + 2 + SIGNATURE_LENGTH;

  private static final int SUFFIX_LENGTH = 2 + FIELD_LENGTH;

  private final String label;
  private final byte[] bytes;
  private final @Nullable Signature signature;

  /**
   * As it was read, of any length.
   *
   * @param keyId SHA-256 of the public key
   * @param value what the key made
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and this class's alone.
  private record Signature(byte[] keyId, byte[] value) {}

  private OwnerSigned(String label, byte[] bytes, @Nullable Signature signature) {
    this.label = label;
    this.bytes = bytes;
    this.signature = signature;
  }

  /**
   * What nobody signed.
   *
   * @param bytes kept, not copied
   */
  static OwnerSigned unsigned(String label, byte[] bytes) {
    return new OwnerSigned(label, bytes, null);
  }

  /**
   * What travelled.
   *
   * @param bytes kept, not copied
   * @param message the same, as it was read
   */
  static OwnerSigned of(String label, byte[] bytes, WireMessage message) {
    if (!message.has(FIELD)) {
      return unsigned(label, bytes);
    }
    WireMessage field = message.message(FIELD);
    return new OwnerSigned(
        label,
        bytes,
        new Signature(
            field.bytes(OwnerSignature.KEY_ID_FIELD_NUMBER),
            field.bytes(OwnerSignature.SIGNATURE_FIELD_NUMBER)));
  }

  /**
   * Signs a message.
   *
   * @param body all its other fields
   */
  static OwnerSigned sign(String label, byte[] body, TaskKeyPair key) {
    Signature signature =
        new Signature(key.publicKey().id().toBytes(), key.sign(Transcript.info(label, body)));
    byte[] bytes = Arrays.copyOf(body, body.length + SUFFIX_LENGTH);
    System.arraycopy(suffix(signature), 0, bytes, body.length, SUFFIX_LENGTH);
    return new OwnerSigned(label, bytes, signature);
  }

  /** The field as it stands at the end of what is signed; both parts must have their length. */
  private static byte[] suffix(Signature signature) {
    return ByteBuffer.allocate(SUFFIX_LENGTH)
        .put(lengthDelimited(FIELD))
        .put((byte) FIELD_LENGTH)
        .put(lengthDelimited(OwnerSignature.KEY_ID_FIELD_NUMBER))
        .put((byte) ContentHash.LENGTH)
        .put(signature.keyId())
        .put(lengthDelimited(OwnerSignature.SIGNATURE_FIELD_NUMBER))
        .put((byte) SIGNATURE_LENGTH)
        .put(signature.value())
        .array();
  }

  /** Tag of a field that holds bytes or a message. */
  private static byte lengthDelimited(int field) {
    return (byte) (field << 3 | 2);
  }

  /** Body and signature; the caller must not change them. */
  byte[] bytes() {
    return bytes;
  }

  /** The key that the signature names; empty if there is none, or none of a key id's length. */
  Optional<ContentHash> signer() {
    return signature != null && signature.keyId().length == ContentHash.LENGTH
        ? Optional.of(ContentHash.fromDigest(signature.keyId()))
        : Optional.empty();
  }

  SignatureState check(Collection<TaskKey> trusted) {
    if (signature == null) {
      return SignatureState.UNSIGNED;
    }
    Optional<ContentHash> signer = signer();
    for (TaskKey key : trusted) {
      if (signer.isPresent() && key.id().equals(signer.get())) {
        return isSignedBy(key, signature) ? SignatureState.VALID : SignatureState.ALTERED;
      }
    }
    return SignatureState.FOREIGN_KEY;
  }

  private boolean isSignedBy(TaskKey key, Signature named) {
    int bodyLength = bytes.length - SUFFIX_LENGTH;
    if (named.value().length != SIGNATURE_LENGTH
        || bodyLength < 0
        || !Arrays.equals(Arrays.copyOfRange(bytes, bodyLength, bytes.length), suffix(named))) {
      return false;
    }
    byte[] body = Arrays.copyOf(bytes, bodyLength);
    return key.verifies(Transcript.info(label, body), named.value());
  }
}
