package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a client keeps its files. Encrypted means AES-256-GCM, with keys that another key in a key
 * store protects: the files are of no use to who has them without the key store, and after {@link
 * TacitClient#forgetMe} to nobody. Immutable.
 */
public final class Storage {

  private final Function<Path, @Nullable KeyStoreProvider> keyStore;

  private Storage(Function<Path, @Nullable KeyStoreProvider> keyStore) {
    this.keyStore = keyStore;
  }

  /**
   * Encrypted, with a PKCS#12 file as key store that lies beside the client's directory and has its
   * name and {@code .p12}.
   *
   * @param password of that file, from wherever the app keeps secrets; copied
   */
  public static Storage encrypted(char[] password) {
    char[] copy = password.clone();
    return new Storage(directory -> Pkcs12KeyStore.of(beside(directory), copy));
  }

  /**
   * The same under a secret that no person chose, with which a client starts faster.
   *
   * @param secret 32 to 1,024 random bytes from wherever the app keeps secrets; copied
   * @throws IllegalArgumentException if it is too short, or is text
   */
  public static Storage encryptedUnderSecret(byte[] secret) {
    char[] copy = Pkcs12KeyStore.hexadecimal(secret);
    return new Storage(directory -> Pkcs12KeyStore.underSecret(beside(directory), copy));
  }

  /** Encrypted, with the key store of a platform or a PKCS#12 file elsewhere. */
  public static Storage encrypted(KeyStoreProvider keyStore) {
    return new Storage(directory -> keyStore);
  }

  /**
   * Not encrypted: whoever can read the files reads what the person did. For simulations, and where
   * the platform encrypts the app's files.
   */
  public static Storage unencrypted() {
    return new Storage(directory -> null);
  }

  private static Path beside(Path directory) {
    Path own = directory.toAbsolutePath().normalize();
    return own.resolveSibling(own.getFileName() + ".p12");
  }

  /** The key store for a client's directory; null if nothing is encrypted. */
  @Nullable KeyStoreProvider keyStoreFor(Path directory) {
    return keyStore.apply(directory);
  }
}
