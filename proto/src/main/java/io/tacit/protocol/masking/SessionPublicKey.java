package io.tacit.protocol.masking;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.AgreementKeyPair;
import io.tacit.protocol.crypto.BadKeyException;
import io.tacit.protocol.crypto.EncapsulationKeyPair;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a member's key for one session, as advertised: X25519 (32 bytes), in suite
 * HYBRID followed by ML-KEM-768 (1 184 bytes). Immutable.
 */
public final class SessionPublicKey {

  private final Suite suite;
  private final byte[] bytes;

  private SessionPublicKey(Suite suite, byte[] bytes) {
    this.suite = suite;
    this.bytes = bytes;
  }

  /**
   * Reads a key; looks at nothing but its length.
   *
   * @param suite CLASSIC or HYBRID
   * @throws IllegalArgumentException if it has not exactly {@link #length} bytes
   */
  public static SessionPublicKey fromBytes(Suite suite, byte[] bytes) {
    if (bytes.length != length(suite)) {
      throw new IllegalArgumentException(
          "session key has "
              + bytes.length
              + " bytes, must have exactly "
              + length(suite)
              + " in suite "
              + suite);
    }
    return new SessionPublicKey(suite, bytes.clone());
  }

  /** How many bytes a key has. */
  public static int length(Suite suite) {
    return switch (suite) {
      case PLAIN -> throw new IllegalArgumentException("suite PLAIN has no session keys");
      case CLASSIC -> AgreementKeyPair.LENGTH;
      case HYBRID -> AgreementKeyPair.LENGTH + EncapsulationKeyPair.PUBLIC_KEY_LENGTH;
    };
  }

  /** Whether members have a key to encapsulate to. */
  static boolean isHybrid(Suite suite) {
    return suite == Suite.HYBRID;
  }

  /** How many bytes a ciphertext to such a key has: none in CLASSIC. */
  public static int ciphertextLength(Suite suite) {
    return isHybrid(suite) ? EncapsulationKeyPair.CIPHERTEXT_LENGTH : 0;
  }

  /**
   * Checks that one can agree on secrets with its holder, so that one bad key does not end a
   * session later. Costs as much as to agree once.
   *
   * @throws BadKeyException if X25519's point is of small order or ML-KEM's key is not reduced
   */
  public void check() {
    AgreementKeyPair.checkPublicKey(agreementKey());
    if (isHybrid(suite)) {
      EncapsulationKeyPair.checkPublicKey(encapsulationKey());
    }
  }

  byte[] agreementKey() {
    return Arrays.copyOf(bytes, AgreementKeyPair.LENGTH);
  }

  byte[] encapsulationKey() {
    return Arrays.copyOfRange(bytes, AgreementKeyPair.LENGTH, bytes.length);
  }

  /** A copy of the key. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionPublicKey
        && Arrays.equals(((SessionPublicKey) other).bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SessionPublicKey[" + suite + "]";
  }
}
