package io.tacit.client.storage;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that encrypts files or records, in AES-256-GCM (NIST SP 800-38D).
 *
 * <p>Guarantee: what {@link #open} gives was sealed with this key for this place. Nonces are 96
 * random bits each time, chosen by the platform: they depend on nothing that a crash, a truncated
 * file or a copy of the directory could set back, and so never repeat by those. Assumes: at most
 * 2^32 things are sealed with one key, as the standard bounds it; a device that records an event a
 * second needs 136 years. Thread-safe.
 */
public final class DataKey {

  /** Bytes that sealing adds: nonce before, tag behind. */
  public static final int OVERHEAD_BYTES = 12 + 16;

  /** Bytes of a key's {@link #put written form}. */
  static final int WRITTEN_BYTES = Long.BYTES + 32;

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final long id;
  private final SecretKey key;
  private @Nullable Cipher cipher;

  /**
   * A key that may be in a key store.
   *
   * @param id that stands in the clear in what it seals
   */
  DataKey(long id, SecretKey key) {
    this.id = id;
    this.key = key;
  }

  static DataKey generate(SecureRandom random) {
    ByteBuffer written = ByteBuffer.allocate(WRITTEN_BYTES);
    random.nextBytes(written.array());
    return get(written);
  }

  /** Loads what the platform has for this, so that the first key finds it. */
  public static void load() {
    get(ByteBuffer.allocate(WRITTEN_BYTES)).seal(new byte[1], new byte[1]);
  }

  /** Reads what {@link #put} wrote. */
  static DataKey get(ByteBuffer from) {
    long id = from.getLong();
    byte[] key = new byte[KEY_BYTES];
    from.get(key);
    return new DataKey(id, new SecretKeySpec(key, "AES"));
  }

  /** Writes id and key. */
  void put(ByteBuffer to) {
    to.putLong(id).put(key.getEncoded());
  }

  /** Its random name. */
  public long id() {
    return id;
  }

  /**
   * Encrypts.
   *
   * @param place what the content belongs to; must be the same to open it
   * @return nonce, ciphertext and tag
   */
  public synchronized byte[] seal(byte[] place, byte[] content) {
    byte[] sealed = new byte[content.length + OVERHEAD_BYTES];
    try {
      Cipher gcm = cipher();
      gcm.init(Cipher.ENCRYPT_MODE, key);
      gcm.updateAAD(place);
      System.arraycopy(gcm.getIV(), 0, sealed, 0, NONCE_BYTES);
      gcm.doFinal(content, 0, content.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  /**
   * Decrypts.
   *
   * @param bytes with what was sealed from offset on
   * @return empty if it is not what was sealed with this key for this place
   */
  public synchronized Optional<byte[]> open(byte[] place, byte[] bytes, int offset, int length) {
    if (length < OVERHEAD_BYTES) {
      return Optional.empty();
    }
    try {
      Cipher gcm = cipher();
      gcm.init(
          Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, bytes, offset, NONCE_BYTES));
      gcm.updateAAD(place);
      return Optional.of(gcm.doFinal(bytes, offset + NONCE_BYTES, length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private Cipher cipher() throws GeneralSecurityException {
    if (cipher == null) {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    }
    return cipher;
  }

  private static IllegalStateException unavailable(GeneralSecurityException e) {
    return new IllegalStateException("AES-256-GCM is missing here; JVMs and Android have it", e);
  }

  /** Prints no key. */
  @Override
  public String toString() {
    return "DataKey[" + Long.toHexString(id) + "]";
  }
}
