package io.tacit.protocol.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * The bytes of a key for the platform's ciphers. Unlike {@code SecretKeySpec} it can be erased.
 *
 * <p>Guarantee: after {@link #destroy} this object holds nothing of the key, and it never prints
 * any of it. Assumes: the platform's ciphers clear the copies that they ask for. Not thread-safe.
 */
public final class ErasableKey implements SecretKey {

  private static final long serialVersionUID = 1;

  private final String algorithm;
  private final transient byte[] bytes;
  private transient boolean destroyed;

  /**
   * Copies a key.
   *
   * @param algorithm as the platform names it, e.g. {@code AES}
   */
  public ErasableKey(String algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes.clone();
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  /** A copy of the key, which the caller erases. */
  @Override
  public byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException("key was erased; make a new one");
    }
    return bytes.clone();
  }

  @Override
  public void destroy() {
    Arrays.fill(bytes, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "ErasableKey[" + algorithm + ", " + bytes.length + " bytes]";
  }
}
