package io.tacit.protocol.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * A key pair to agree on secrets with: X25519 (<a href="https://www.rfc-editor.org/rfc/rfc7748">RFC
 * 7748</a>).
 *
 * <p>Guarantee: {@link #agree} never gives the secret of a point of small order, which all the
 * world knows; nothing prints the private key, and {@link #destroy} erases it. Not thread-safe
 * where one thread destroys it.
 */
public final class AgreementKeyPair {

  /** Length of seeds, public keys and secrets in bytes. */
  public static final int LENGTH = X25519.SCALAR_SIZE;

  private final byte[] seed;
  private final byte[] publicKey = new byte[X25519.POINT_SIZE];
  private boolean destroyed;

  private AgreementKeyPair(byte[] seed) {
    this.seed = seed;
    X25519.generatePublicKey(seed, 0, publicKey, 0);
  }

  /** A new key pair. */
  public static AgreementKeyPair generate(SecureRandom random) {
    byte[] seed = new byte[LENGTH];
    random.nextBytes(seed);
    return new AgreementKeyPair(seed);
  }

  /**
   * The key pair of a private key.
   *
   * @param seed copied; clamped when it is used (RFC 7748, section 5)
   * @throws IllegalArgumentException if it has not 32 bytes
   */
  public static AgreementKeyPair fromSeed(byte[] seed) {
    if (seed.length != LENGTH) {
      throw new IllegalArgumentException(
          "X25519 seed has " + seed.length + " bytes, must have exactly " + LENGTH);
    }
    return new AgreementKeyPair(seed.clone());
  }

  /** A copy of the public key, 32 bytes. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /**
   * The secret that the holder of the other key finds too, 32 bytes; the caller erases it.
   *
   * @throws BadKeyException if the key has not 32 bytes or is of small order
   */
  public byte[] agree(byte[] peerPublicKey) {
    if (destroyed) {
      throw new IllegalStateException("X25519 key pair was erased; make a new one");
    }
    return agree(seed, peerPublicKey);
  }

  /**
   * Checks that one can agree with the holder of a key; costs as much as to agree.
   *
   * @throws BadKeyException as {@link #agree(byte[])}
   */
  public static void checkPublicKey(byte[] publicKey) {
    // Clamping makes each scalar a multiple of 8, which sends points of small order to 0: any does.
    agree(new byte[LENGTH], publicKey);
  }

  private static byte[] agree(byte[] seed, byte[] peerPublicKey) {
    BadKeyException.checkLength("X25519 key", peerPublicKey, X25519.POINT_SIZE);
    byte[] secret = new byte[LENGTH];
    if (!X25519.calculateAgreement(seed, 0, peerPublicKey, 0, secret, 0)) {
      throw new BadKeyException("X25519 key is of small order; its holder must make a new one");
    }
    return secret;
  }

  /** Erases the private key. */
  public void destroy() {
    Arrays.fill(seed, (byte) 0);
    destroyed = true;
  }

  @Override
  public String toString() {
    return "AgreementKeyPair[X25519]";
  }
}
