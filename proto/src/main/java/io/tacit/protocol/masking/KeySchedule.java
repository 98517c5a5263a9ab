package io.tacit.protocol.masking;

import static io.tacit.protocol.crypto.KeyDerivation.expand;
import static io.tacit.protocol.crypto.KeyDerivation.extract;
import static io.tacit.protocol.crypto.Transcript.hash;
import static io.tacit.protocol.crypto.Transcript.info;
import static io.tacit.protocol.crypto.Transcript.u32;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.Encapsulation;
import java.util.Arrays;

/**
 * From what members agree on to the keys that they use, once the roster is frozen; devices and
 * coordinator derive with the same code. With i below j, {@code Extract} and {@code Expand} of HKDF
 * and {@code info} and {@code H} of {@link io.tacit.protocol.crypto.Transcript}:
 *
 * <pre>
 * pair mask   IKM = K_ij || X25519(i, j)       K_ij: i encapsulates to j with coins of M_i
 *             key = Expand(Extract(ctx1, IKM), info("pairmask", u32 i, u32 j, H("ct", s_ct_ij)), 32)
 * self mask   key = Expand(Extract(ctx1, b_u), info("selfmask", u32 u), 32)
 *             commitment = H("bcom", ctx1, u32 u, b_u)
 * shares      IKM = K_uv || X25519(u, v)       K_uv: u encapsulates to v with coins of its own
 *             key = Expand(Extract(ctx1, IKM), info("share", u32 u, u32 v, H("ct", c_ct_uv)), 32)
 *             AES-256-GCM, nonce 0, of u8 v || share of M || share of b,
 *             data = info("share-aad", ctx1, u32 u, u32 v [, H("ct", s_ct_uv) if HYBRID and u below v])
 * </pre>
 *
 * <p>In suite CLASSIC there are no K and the ciphertexts are empty. To concatenate the secrets of
 * two schemes is sound here because ctx1 covers all public keys and the ciphertext is in the info:
 * whoever breaks one of the two schemes still lacks the other's secret. ML-KEM's comes first (NIST
 * SP 800-56C).
 *
 * <p>Immutable and thread-safe. Keys are the caller's to erase.
 */
public final class KeySchedule {

  private static final int KEY_LENGTH = MaskStream.KEY_LENGTH;
  private static final byte[] NOTHING = new byte[0];

  private final Suite suite;
  private final byte[] ctx1;

  /**
   * The schedule of a session.
   *
   * @param suite CLASSIC or HYBRID
   * @param ctx1 of the frozen roster, from {@link SessionTranscript#roster}
   */
  public KeySchedule(Suite suite, byte[] ctx1) {
    SessionPublicKey.length(suite);
    this.suite = suite;
    this.ctx1 = ctx1.clone();
  }

  /**
   * The pair mask as its lower member finds it, or whoever rebuilt that one's M.
   *
   * @param lower i
   * @param keys of i
   * @param upper j, above i
   * @param upperKey j's advertised mask key
   * @throws io.tacit.protocol.crypto.BadKeyException if j's key is none
   */
  public PairMask pairMaskOfLower(int lower, MaskKeys keys, int upper, SessionPublicKey upperKey) {
    checkOrder(lower, upper);
    if (!isHybrid()) {
      return pairMask(lower, upper, NOTHING, keys.keyPair().agree(upperKey), NOTHING);
    }
    Encapsulation encapsulation = keys.encapsulate(upper, upperKey, ctx1);
    return pairMask(
        lower,
        upper,
        encapsulation.secret(),
        keys.keyPair().agree(upperKey),
        encapsulation.ciphertext());
  }

  /**
   * The pair mask as its upper member finds it, or whoever rebuilt that one's M.
   *
   * @param upper j
   * @param keys of j
   * @param lower i, below j
   * @param lowerKey i's advertised mask key
   * @param ciphertext what i sent; no bytes in CLASSIC
   * @throws io.tacit.protocol.crypto.BadKeyException if i's key is none
   */
  public PairMask pairMaskOfUpper(
      int upper, MaskKeys keys, int lower, SessionPublicKey lowerKey, byte[] ciphertext) {
    checkOrder(lower, upper);
    if (ciphertext.length != ciphertextLength()) {
      throw new IllegalArgumentException(
          "mask ciphertext has "
              + ciphertext.length
              + " bytes, must have exactly "
              + ciphertextLength()
              + " in suite "
              + suite);
    }
    return pairMask(
        lower,
        upper,
        keys.keyPair().decapsulate(ciphertext),
        keys.keyPair().agree(lowerKey),
        ciphertext.clone());
  }

  private static void checkOrder(int lower, int upper) {
    if (lower < 1 || upper <= lower) {
      throw new IllegalArgumentException(
          "pair is " + lower + " and " + upper + ", the first must be at least 1 and below");
    }
  }

  /** Erases both secrets. */
  private PairMask pairMask(
      int lower, int upper, byte[] encapsulated, byte[] agreed, byte[] ciphertext) {
    byte[] info = info("pairmask", u32(lower), u32(upper), hash("ct", ciphertext));
    PairMask mask = new PairMask(lower, key(encapsulated, agreed, info), ciphertext);
    Arrays.fill(encapsulated, (byte) 0);
    Arrays.fill(agreed, (byte) 0);
    return mask;
  }

  /**
   * The key of the mask that a member's update has beside those of its pairs.
   *
   * @param selfSecret b, 32 bytes; not changed
   */
  public byte[] selfMaskKey(int member, byte[] selfSecret) {
    ShamirSharing.checkSecret("self secret", selfSecret);
    return key(NOTHING, selfSecret, info("selfmask", u32(member)));
  }

  /**
   * What a member commits to b with, so that a b which was rebuilt can be checked; 32 bytes.
   *
   * @param selfSecret b, 32 bytes; not changed
   */
  public byte[] selfCommitment(int member, byte[] selfSecret) {
    ShamirSharing.checkSecret("self secret", selfSecret);
    byte[] opened = info("bcom", ctx1, u32(member), selfSecret);
    byte[] commitment = ContentHash.of(opened).toBytes();
    Arrays.fill(opened, (byte) 0);
    return commitment;
  }

  /**
   * The channel between a member and another.
   *
   * @param ownKeys of the channel, not of the masks; stays the caller's
   * @param peerKey the other's advertised channel key
   * @throws io.tacit.protocol.crypto.BadKeyException if X25519 can not agree with the other's key
   */
  public ShareChannel shareChannel(
      int own, SessionKeyPair ownKeys, int peer, SessionPublicKey peerKey) {
    if (own == peer) {
      throw new IllegalArgumentException("member " + own + " needs no channel to itself");
    }
    return new ShareChannel(this, own, ownKeys, peer, peerKey);
  }

  byte[] shareKey(int from, int to, byte[] encapsulated, byte[] agreed, byte[] ciphertext) {
    return key(encapsulated, agreed, info("share", u32(from), u32(to), hash("ct", ciphertext)));
  }

  byte[] shareData(int from, int to, byte[] maskCiphertext) {
    int expected = maskCiphertextLength(from, to);
    if (maskCiphertext.length != expected) {
      throw new IllegalArgumentException(
          "mask ciphertext from "
              + from
              + " to "
              + to
              + " has "
              + maskCiphertext.length
              + " bytes, must have exactly "
              + expected);
    }
    // ML-KEM does not tell a tampered ciphertext, so it is authenticated with the shares.
    return expected == 0
        ? info("share-aad", ctx1, u32(from), u32(to))
        : info("share-aad", ctx1, u32(from), u32(to), hash("ct", maskCiphertext));
  }

  private byte[] key(byte[] encapsulated, byte[] agreed, byte[] info) {
    byte[] ikm = concatenated(encapsulated, agreed);
    byte[] prk = extract(ctx1, ikm);
    byte[] key = expand(prk, info, KEY_LENGTH);
    Arrays.fill(ikm, (byte) 0);
    Arrays.fill(prk, (byte) 0);
    return key;
  }

  boolean isHybrid() {
    return SessionPublicKey.isHybrid(suite);
  }

  int ciphertextLength() {
    return SessionPublicKey.ciphertextLength(suite);
  }

  /** How many bytes of mask ciphertext travel with the shares. */
  int maskCiphertextLength(int from, int to) {
    return from < to ? ciphertextLength() : 0;
  }

  static byte[] concatenated(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
