package io.tacit.protocol.plan;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.OwnerSignature;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a message that the model's owner may have signed. The signature is the last field of the
 * message, so that what it covers is found without serialising anything again. Immutable.
 */
final class OwnerSigned {

  /** Field 15, length-delimited. */
  private static final int TAG = 15 << 3 | 2;

  /** A key id of 32 bytes and a signature of 64, each behind its tag and length. */
  private static final int FIELD_LENGTH = 2 + ContentHash.LENGTH + 2 + 64;

  private static final int SUFFIX_LENGTH = 2 + FIELD_LENGTH;

  private final String label;
  private final byte[] bytes;
  private final @Nullable OwnerSignature signature;

  private OwnerSigned(String label, byte[] bytes, @Nullable OwnerSignature signature) {
    this.label = label;
    this.bytes = bytes;
    this.signature = signature;
  }

  /**
   * What travelled.
   *
   * @param bytes kept, not copied
   * @param signature as the message was read, empty if it has none
   */
  static OwnerSigned of(String label, byte[] bytes, Optional<OwnerSignature> signature) {
    return new OwnerSigned(label, bytes, signature.orElse(null));
  }

  /**
   * Signs a message.
   *
   * @param body all its other fields
   */
  static OwnerSigned sign(String label, byte[] body, TaskKeyPair key) {
    OwnerSignature signature =
        OwnerSignature.newBuilder()
            .setKeyId(ByteString.copyFrom(key.publicKey().id().toBytes()))
            .setSignature(ByteString.copyFrom(key.sign(Transcript.info(label, body))))
            .build();
    byte[] bytes = Arrays.copyOf(body, body.length + SUFFIX_LENGTH);
    System.arraycopy(suffix(signature), 0, bytes, body.length, SUFFIX_LENGTH);
    return new OwnerSigned(label, bytes, signature);
  }

  private static byte[] suffix(OwnerSignature signature) {
    byte[] field = signature.toByteArray();
    byte[] suffix = new byte[2 + field.length];
    suffix[0] = TAG;
    suffix[1] = (byte) field.length;
    System.arraycopy(field, 0, suffix, 2, field.length);
    return suffix;
  }

  /** Body and signature; the caller must not change them. */
  byte[] bytes() {
    return bytes;
  }

  /** The key that the signature names; empty if there is none, or none of a key id's length. */
  Optional<ContentHash> signer() {
    return signature != null && signature.getKeyId().size() == ContentHash.LENGTH
        ? Optional.of(ContentHash.fromDigest(signature.getKeyId().toByteArray()))
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

  private boolean isSignedBy(TaskKey key, OwnerSignature named) {
    byte[] suffix = suffix(named);
    int bodyLength = bytes.length - SUFFIX_LENGTH;
    if (suffix.length != SUFFIX_LENGTH
        || bodyLength < 0
        || !Arrays.equals(Arrays.copyOfRange(bytes, bodyLength, bytes.length), suffix)) {
      return false;
    }
    byte[] body = Arrays.copyOf(bytes, bodyLength);
    return key.verifies(Transcript.info(label, body), named.getSignature().toByteArray());
  }
}
