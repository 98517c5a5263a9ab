package io.tacit.protocol.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.DestroyFailedException;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/**
 * A key pair to send secrets to, which stay closed to quantum computers: ML-KEM-768 (<a
 * href="https://doi.org/10.6028/NIST.FIPS.203">FIPS 203</a>).
 *
 * <p>Guarantee: nothing prints the private key, and {@link #destroy} erases it. Assumes: callers
 * know that a tampered ciphertext is not told; decapsulation then gives another secret (implicit
 * rejection), so the ciphertext must be authenticated elsewhere. Not thread-safe where one thread
 * destroys it.
 */
public final class EncapsulationKeyPair {

  /** Length of a private seed {@code d || z} in bytes. */
  public static final int SEED_LENGTH = 64;

  /** Length of a public key in bytes. */
  public static final int PUBLIC_KEY_LENGTH = 1_184;

  /** Length of a ciphertext in bytes. */
  public static final int CIPHERTEXT_LENGTH = 1_088;

  /** Length of a secret, and of the coins that make one, in bytes. */
  public static final int SECRET_LENGTH = 32;

  private static final MLKEMParameters PARAMETERS = MLKEMParameters.ml_kem_768;

  private final MLKEMPrivateKeyParameters privateKey;
  private final byte[] publicKey;

  private EncapsulationKeyPair(byte[] seed) {
    this.privateKey = new MLKEMPrivateKeyParameters(PARAMETERS, seed);
    this.publicKey = privateKey.getPublicKey();
  }

  /** A new key pair. */
  public static EncapsulationKeyPair generate(SecureRandom random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    EncapsulationKeyPair pair = new EncapsulationKeyPair(seed);
    Arrays.fill(seed, (byte) 0);
    return pair;
  }

  /**
   * The key pair of a seed (ML-KEM.KeyGen_internal).
   *
   * @param seed {@code d || z}; copied
   * @throws IllegalArgumentException if it has not 64 bytes
   */
  public static EncapsulationKeyPair fromSeed(byte[] seed) {
    if (seed.length != SEED_LENGTH) {
      throw new IllegalArgumentException(
          "ML-KEM-768 seed has " + seed.length + " bytes, must have exactly " + SEED_LENGTH);
    }
    return new EncapsulationKeyPair(seed);
  }

  /** A copy of the public key, 1 184 bytes. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /**
   * The secret of a ciphertext, 32 bytes; the caller erases it.
   *
   * @throws IllegalArgumentException if the ciphertext has not 1 088 bytes
   */
  public byte[] decapsulate(byte[] ciphertext) {
    if (ciphertext.length != CIPHERTEXT_LENGTH) {
      throw new IllegalArgumentException(
          "ML-KEM-768 ciphertext has "
              + ciphertext.length
              + " bytes, must have exactly "
              + CIPHERTEXT_LENGTH);
    }
    return new MLKEMExtractor(privateKey).extractSecret(ciphertext);
  }

  /**
   * Makes a secret for the holder of a key (ML-KEM.Encaps_internal): the same coins give the same
   * secret and ciphertext.
   *
   * @param coins 32 secret bytes, never used for this key before
   * @throws BadKeyException if the key is not one of ML-KEM-768
   */
  public static Encapsulation encapsulate(byte[] publicKey, byte[] coins) {
    if (coins.length != SECRET_LENGTH) {
      throw new IllegalArgumentException(
          "ML-KEM-768 coins have " + coins.length + " bytes, must have exactly " + SECRET_LENGTH);
    }
    SecretWithEncapsulation made =
        MLKEMGenerator.internalGenerateEncapsulated(read(publicKey), coins);
    Encapsulation encapsulation = new Encapsulation(made.getSecret(), made.getEncapsulation());
    try {
      made.destroy();
    } catch (DestroyFailedException e) {
      throw new AssertionError("Bouncy Castle erases secrets", e);
    }
    return encapsulation;
  }

  /**
   * Checks that secrets can be sent to the holder of a key.
   *
   * @throws BadKeyException if it has not 1 184 bytes, or a coefficient is not reduced (FIPS 203,
   *     section 7.2)
   */
  public static void checkPublicKey(byte[] publicKey) {
    read(publicKey);
  }

  private static MLKEMPublicKeyParameters read(byte[] publicKey) {
    BadKeyException.checkLength("ML-KEM-768 key", publicKey, PUBLIC_KEY_LENGTH);
    try {
      return new MLKEMPublicKeyParameters(PARAMETERS, publicKey);
    } catch (IllegalArgumentException e) {
      throw new BadKeyException(
          "ML-KEM-768 key has coefficients above 3328; its holder must make a new one");
    }
  }

  /** Erases the private key. */
  public void destroy() {
    privateKey.destroy();
  }

  @Override
  public String toString() {
    return "EncapsulationKeyPair[ML-KEM-768]";
  }
}
