package io.tacit.client.storage;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that encrypts files or records, in AES-256-GCM (NIST SP 800-38D).
 *
 * <p>Guarantee: what {@link #open} gives was sealed with this key for this place. Nonces are 96
 * random bits each time: they depend on nothing that a crash, a truncated file or a copy of the
 * directory could set back, and so never repeat by those. Assumes: at most 2^32 things are sealed
 * with one key, as the standard bounds it; a device that records an event a second needs 136 years.
 * Thread-safe.
 */
public final class DataKey {

  /** Bytes that sealing adds: nonce before, tag behind. */
  public static final int OVERHEAD_BYTES = 12 + 16;

  static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final long id;
  private final SecretKeySpec key;
  private final SecureRandom random;
  private @Nullable Cipher cipher;

  private DataKey(long id, byte[] key, SecureRandom random) {
    this.id = id;
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  static DataKey generate(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    DataKey generated = new DataKey(random.nextLong(), key, random);
    Arrays.fill(key, (byte) 0);
    return generated;
  }

  /** Bytes of a key's {@link #put written form}. */
  static final int WRITTEN_BYTES = Long.BYTES + KEY_BYTES;

  /** Reads what {@link #put} wrote. */
  static DataKey get(ByteBuffer from, SecureRandom random) {
    long id = from.getLong();
    byte[] key = new byte[KEY_BYTES];
    from.get(key);
    DataKey read = new DataKey(id, key, random);
    Arrays.fill(key, (byte) 0);
    return read;
  }

  /** Writes id and key. */
  void put(ByteBuffer to) {
    to.putLong(id).put(key.getEncoded());
  }

  /** Its random name, which stands in the clear in what it sealed. */
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
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
    try {
      Cipher gcm = begin(Cipher.ENCRYPT_MODE, nonce, 0);
      gcm.updateAAD(place);
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
      Cipher gcm = begin(Cipher.DECRYPT_MODE, bytes, offset);
      gcm.updateAAD(place);
      return Optional.of(gcm.doFinal(bytes, offset + NONCE_BYTES, length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw unavailable(e);
    }
  }

  private Cipher begin(int mode, byte[] nonce, int offset) throws GeneralSecurityException {
    Cipher gcm = cipher;
    if (gcm == null) {
      gcm = Cipher.getInstance("AES/GCM/NoPadding");
      cipher = gcm;
    }
    gcm.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, offset, NONCE_BYTES));
    return gcm;
  }

  static IllegalStateException unavailable(GeneralSecurityException e) {
    return new IllegalStateException(
        "this platform has no AES-256-GCM; it needs a JVM or Android 8 as they come", e);
  }

  /** Prints no key. */
  @Override
  public String toString() {
    return "DataKey[" + Long.toHexString(id) + "]";
  }
}
