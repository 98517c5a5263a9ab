package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
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

  private Storage(@Nullable KeyStoreProvider keyStore, char @Nullable [] password) {
    this.keyStore = keyStore;
    this.password = password;
  }

  /**
   * Encrypted, with a PKCS#12 file as key store that lies beside the client's directory and has its
   * name and {@code .p12}.
   *
   * @param password of that file, from wherever the app keeps secrets; copied
   */
  public static Storage encrypted(char[] password) {
    return new Storage(null, password.clone());
  }

  /** Encrypted, with the key store of a platform or a PKCS#12 file elsewhere. */
  public static Storage encrypted(KeyStoreProvider keyStore) {
    return new Storage(keyStore, null);
  }

  /**
   * Not encrypted: whoever can read the files reads what the person did. For simulations, and where
   * the platform encrypts the app's files.
   */
  public static Storage unencrypted() {
    return new Storage(null, null);
  }

  /** The key store for a client's directory; null if nothing is encrypted. */
  @Nullable KeyStoreProvider keyStoreFor(Path directory) {
    if (password == null) {
      return keyStore;
    }
    Path own = directory.toAbsolutePath().normalize();
    return Pkcs12KeyStore.of(own.resolveSibling(own.getFileName() + ".p12"), password);
  }
}
