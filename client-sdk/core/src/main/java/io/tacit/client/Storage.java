package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
import io.tacit.client.keys.Pkcs12KeyStore;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a client keeps its files. Encrypted means AES-256-GCM, with keys that another key in a key
 * store protects: the files are of no use to who has them without the key store, and after {@link
 * TacitClient#forgetMe} to nobody. Immutable.
 */
public final class Storage {

  private static final Storage UNENCRYPTED = new Storage(directory -> null);

  private final Function<Path, @Nullable KeyStoreProvider> keys;

  private Storage(Function<Path, @Nullable KeyStoreProvider> keys) {
    this.keys = keys;
  }

  /**
   * Encrypted, with a PKCS#12 file as key store that lies beside the client's directory and has its
   * name and {@code .p12}.
   *
   * @param password of that file, from wherever the app keeps secrets; copied
   */
  public static Storage encrypted(char[] password) {
    char[] own = password.clone();
    return new Storage(directory -> Pkcs12KeyStore.of(beside(directory), own));
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
    return UNENCRYPTED;
  }

  private static Path beside(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    return absolute.resolveSibling(absolute.getFileName() + ".p12");
  }

  /** The key store for a client's directory; null if nothing is encrypted. */
  @Nullable KeyStoreProvider keyStoreFor(Path directory) {
    return keys.apply(directory);
  }

  @Override
  public String toString() {
    return this == UNENCRYPTED ? "Storage[unencrypted]" : "Storage[encrypted]";
  }
}
