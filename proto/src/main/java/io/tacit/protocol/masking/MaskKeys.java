package io.tacit.protocol.masking;

import static io.tacit.protocol.crypto.KeyDerivation.expand;
import static io.tacit.protocol.crypto.KeyDerivation.extract;
import static io.tacit.protocol.crypto.Transcript.info;
import static io.tacit.protocol.crypto.Transcript.u32;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.AgreementKeyPair;
import io.tacit.protocol.crypto.Encapsulation;
import io.tacit.protocol.crypto.EncapsulationKeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All that a member's pairwise masks come from, derived from 32 secret bytes M:
 *
 * <pre>
 * prk            = Extract(salt = ctx0, M)
 * X25519 key     = Expand(prk, info("s-x25519"), 32)
 * ML-KEM seed    = Expand(prk, info("s-mlkem768"), 64)
 * coins toward j = Expand(Extract(ctx1, M), info("s-encap", u32 j), 32)
 * </pre>
 *
 * <p>A key encapsulation is not an agreement: one side makes a ciphertext with fresh coins, and who
 * wants to find the secret later needs one side's key. As coins and key both come from M, whoever
 * rebuilds M of a member that dropped out finds the secrets of all its pairs, whichever side it
 * was, and members need to share 32 bytes only. What is rebuilt checks itself: its public key is
 * that of the roster, its ciphertexts those that were sent. (The composition is our own; see
 * docs/adr/0029.)
 *
 * <p>Guarantee: nothing prints M, and {@link #destroy} erases it. Not thread-safe where one thread
 * destroys it.
 */
public final class MaskKeys {

  /** Length of M in bytes. */
  public static final int SECRET_LENGTH = ShamirSharing.SECRET_LENGTH;

  private static final int COINS_LENGTH = 32;

  private final byte[] secret;
  private final SessionKeyPair keyPair;

  private MaskKeys(byte[] secret, SessionKeyPair keyPair) {
    this.secret = secret;
    this.keyPair = keyPair;
  }

  /**
   * New keys.
   *
   * @param suite CLASSIC or HYBRID
   * @param ctx0 what binds the session, 32 bytes
   */
  public static MaskKeys generate(Suite suite, byte[] ctx0, SecureRandom random) {
    byte[] secret = new byte[SECRET_LENGTH];
    random.nextBytes(secret);
    MaskKeys keys = derive(suite, ctx0, secret);
    Arrays.fill(secret, (byte) 0);
    return keys;
  }

  /**
   * The keys of a secret.
   *
   * @param secret M, 32 bytes; copied
   */
  public static MaskKeys derive(Suite suite, byte[] ctx0, byte[] secret) {
    ShamirSharing.checkSecret("mask secret", secret);
    SessionPublicKey.length(suite);
    byte[] prk = extract(ctx0, secret);
    byte[] agreementSeed = expand(prk, info("s-x25519"), AgreementKeyPair.LENGTH);
    AgreementKeyPair agreement = AgreementKeyPair.fromSeed(agreementSeed);
    Arrays.fill(agreementSeed, (byte) 0);
    EncapsulationKeyPair encapsulation =
        SessionPublicKey.isHybrid(suite) ? encapsulationKeys(prk) : null;
    Arrays.fill(prk, (byte) 0);
    return new MaskKeys(secret.clone(), new SessionKeyPair(suite, agreement, encapsulation));
  }

  private static @Nullable EncapsulationKeyPair encapsulationKeys(byte[] prk) {
    byte[] seed = expand(prk, info("s-mlkem768"), EncapsulationKeyPair.SEED_LENGTH);
    EncapsulationKeyPair keys = EncapsulationKeyPair.fromSeed(seed);
    Arrays.fill(seed, (byte) 0);
    return keys;
  }

  /** A copy of M, to be shared among the members and then erased. */
  public byte[] secret() {
    return secret.clone();
  }

  /** The public half, as advertised. */
  public SessionPublicKey publicKey() {
    return keyPair.publicKey();
  }

  SessionKeyPair keyPair() {
    return keyPair;
  }

  /** The coins of the encapsulation toward a member above; the caller erases them. */
  byte[] coinsToward(int member, byte[] ctx1) {
    byte[] prk = extract(ctx1, secret);
    byte[] coins = expand(prk, info("s-encap", u32(member)), COINS_LENGTH);
    Arrays.fill(prk, (byte) 0);
    return coins;
  }

  /** The same secret and ciphertext each time, toward a member above. */
  Encapsulation encapsulate(int member, SessionPublicKey key, byte[] ctx1) {
    byte[] coins = coinsToward(member, ctx1);
    try {
      return EncapsulationKeyPair.encapsulate(key.encapsulationKey(), coins);
    } finally {
      Arrays.fill(coins, (byte) 0);
    }
  }

  /** Erases M and the private keys. */
  public void destroy() {
    Arrays.fill(secret, (byte) 0);
    keyPair.destroy();
  }

  @Override
  public String toString() {
    return "MaskKeys[" + keyPair + "]";
  }
}
