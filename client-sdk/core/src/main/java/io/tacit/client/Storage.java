package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
import io.tacit.client.storage.KeyFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a client keeps its files. Encrypted means AES-256-GCM, with keys that another key in a key
 * store protects: the files are of no use to who has them without the key store, and after {@link
 * TacitClient#forgetMe} to nobody. Immutable.
 */
public final class Storage {

  private final @Nullable KeyStoreProvider keyStore;
  private final char @Nullable [] password;
  private final byte @Nullable [] key;

  private Storage(
      @Nullable KeyStoreProvider keyStore, char @Nullable [] password, byte @Nullable [] key) {
    this.keyStore = keyStore;
    this.password = password;
    this.key = key;
  }

  /**
   * Encrypted, with a PKCS#12 file as key store that lies beside the client's directory and has its
   * name and {@code .p12}.
   *
   * @param password of that file, from wherever the app keeps secrets; copied
   */
  public static Storage encrypted(char[] password) {
    return new Storage(null, password.clone(), null);
  }

  /**
   * Encrypted, with a file as key store that a key of the app encrypts: it lies beside the client's
   * directory and has its name and {@code .keys}. A client starts faster than with a password, at
   * which guesses must be slow.
   *
   * @param key 32 bytes of a {@link java.security.SecureRandom}, the same every time, from wherever
   *     the app keeps secrets; copied
   * @throws IllegalArgumentException if it has another length, or is text, which a person may have
   *     chosen
   */
  public static Storage encryptedWithKey(byte[] key) {
    KeyFile.check(key);
    return new Storage(null, null, key.clone());
  }

  /** Encrypted, with the key store of a platform or a PKCS#12 file elsewhere. */
  public static Storage encrypted(KeyStoreProvider keyStore) {
    return new Storage(keyStore, null, null);
  }

  /**
   * Not encrypted: whoever can read the files reads what the person did. For simulations, and where
   * the platform encrypts the app's files.
   */
  public static Storage unencrypted() {
    return new Storage(null, null, null);
  }

  boolean isEncrypted() {
    return keyStore != null || password != null || key != null;
  }

  /** The key store for a client's directory; null if nothing is encrypted. */
  @Nullable KeyStoreProvider keyStoreFor(Path directory) {
    if (key != null) {
      return KeyFile.of(beside(directory, ".keys"), key);
    }
    return password == null ? keyStore : Pkcs12KeyStore.of(beside(directory, ".p12"), password);
  }

  private static Path beside(Path directory, String ending) {
    Path own = directory.toAbsolutePath().normalize();
    return own.resolveSibling(own.getFileName() + ending);
  }
}
