package io.tacit.protocol.masking;

import io.tacit.protocol.crypto.Encapsulation;
import io.tacit.protocol.crypto.EncapsulationKeyPair;
import io.tacit.protocol.crypto.ShareCipher;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Between one member and one other: seals shares for it and opens those from it. Keys and data are
 * in {@link KeySchedule}.
 *
 * <p>Guarantee: what opens was sealed by the holder of the peer's advertised channel key, for this
 * member, roster and pair of ciphertexts; one channel seals once, so that the nonce of zeros is
 * never used twice. One thread at a time; {@link #erase} when done.
 */
public final class ShareChannel {

  private final KeySchedule schedule;
  private final int own;
  private final SessionKeyPair ownKeys;
  private final int peer;
  private final SessionPublicKey peerKey;

  /** What X25519 found, for both directions. */
  private final byte[] agreed;

  private boolean sealed;

  ShareChannel(
      KeySchedule schedule, int own, SessionKeyPair ownKeys, int peer, SessionPublicKey peerKey) {
    this.schedule = schedule;
    this.own = own;
    this.ownKeys = ownKeys;
    this.peer = peer;
    this.peerKey = peerKey;
    this.agreed = ownKeys.agree(peerKey);
  }

  /**
   * Seals this member's shares for the peer, once.
   *
   * @param maskShare the peer's share of M, 32 bytes; not changed
   * @param selfShare the peer's share of b, 32 bytes; not changed
   * @param maskCiphertext of {@link PairMask#ciphertext} where the peer is above, else no bytes
   * @throws IllegalStateException if it has sealed before
   * @throws io.tacit.protocol.crypto.BadKeyException if the peer's ML-KEM key is none
   */
  public SealedShares seal(
      byte[] maskShare, byte[] selfShare, byte[] maskCiphertext, SecureRandom random) {
    if (sealed) {
      throw new IllegalStateException("shares were sealed before; join another session");
    }
    ShamirSharing.checkSecret("share of M", maskShare);
    ShamirSharing.checkSecret("share of b", selfShare);
    sealed = true;
    byte[] plaintext = new byte[1 + maskShare.length + selfShare.length];
    plaintext[0] = (byte) peer;
    System.arraycopy(maskShare, 0, plaintext, 1, maskShare.length);
    System.arraycopy(selfShare, 0, plaintext, 1 + maskShare.length, selfShare.length);
    byte[] ciphertext = new byte[0];
    byte[] encapsulated = new byte[0];
    if (schedule.isHybrid()) {
      Encapsulation encapsulation = encapsulation(random);
      ciphertext = encapsulation.ciphertext();
      encapsulated = encapsulation.secret();
    }
    byte[] key = schedule.shareKey(own, peer, encapsulated, agreed, ciphertext);
    byte[] text = ShareCipher.seal(key, plaintext, schedule.shareData(own, peer, maskCiphertext));
    Arrays.fill(key, (byte) 0);
    Arrays.fill(plaintext, (byte) 0);
    Arrays.fill(encapsulated, (byte) 0);
    return new SealedShares(ciphertext, text);
  }

  private Encapsulation encapsulation(SecureRandom random) {
    byte[] coins = new byte[EncapsulationKeyPair.SECRET_LENGTH];
    random.nextBytes(coins);
    try {
      return EncapsulationKeyPair.encapsulate(peerKey.encapsulationKey(), coins);
    } finally {
      Arrays.fill(coins, (byte) 0);
    }
  }

  /**
   * Opens the peer's shares for this member.
   *
   * @param maskCiphertext what came with them where the peer is below, else no bytes
   * @return empty if they are not the peer's for this member, or anything was changed
   */
  public Optional<PeerShares> open(SealedShares shares, byte[] maskCiphertext) {
    byte[] ciphertext = shares.channelCiphertext();
    if (ciphertext.length != schedule.ciphertextLength()
        || maskCiphertext.length != schedule.maskCiphertextLength(peer, own)) {
      return Optional.empty();
    }
    byte[] encapsulated = ownKeys.decapsulate(ciphertext);
    byte[] key = schedule.shareKey(peer, own, encapsulated, agreed, ciphertext);
    Optional<byte[]> opened =
        ShareCipher.open(key, shares.sealed(), schedule.shareData(peer, own, maskCiphertext));
    Arrays.fill(key, (byte) 0);
    Arrays.fill(encapsulated, (byte) 0);
    return opened.flatMap(this::split);
  }

  private Optional<PeerShares> split(byte[] plaintext) {
    int length = ShamirSharing.SECRET_LENGTH;
    try {
      return plaintext.length == 1 + 2 * length && plaintext[0] == (byte) own
          ? Optional.of(
              new PeerShares(
                  Arrays.copyOfRange(plaintext, 1, 1 + length),
                  Arrays.copyOfRange(plaintext, 1 + length, plaintext.length)))
          : Optional.empty();
    } finally {
      Arrays.fill(plaintext, (byte) 0);
    }
  }

  /** Erases what was agreed on. The key pair is its owner's to destroy. */
  public void erase() {
    Arrays.fill(agreed, (byte) 0);
    // Nothing must be sealed with a key of zeros.
    sealed = true;
  }

  @Override
  public String toString() {
    return "ShareChannel[" + own + " with " + peer + "]";
  }
}
