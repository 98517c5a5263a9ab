package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
import io.tacit.client.storage.DurableFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A PKCS#12 file with a password, for the JVM.
 *
 * <p>Guarantee: the file holds the old keys or the new ones, whole, and is open to its owner only
 * where the file system can express that. Assumes: the password is secret, which is all that
 * protects the keys from who has the file; one process at a time writes to the file. A key that was
 * destroyed lives on in a copy of the file. Thread-safe.
 */
public final class Pkcs12KeyStore implements KeyStoreProvider {

  private static final int KEY_BYTES = 32;

  private final Path file;
  private final char[] password;
  private final SecureRandom random = new SecureRandom();

  private Pkcs12KeyStore(Path file, char[] password) {
    this.file = file;
    this.password = password;
  }

  /**
   * A key store in a file, which is made with the first key.
   *
   * @param file best outside of the directories of clients, so that no copy takes both along
   * @param password not empty; copied
   */
  public static Pkcs12KeyStore of(Path file, char[] password) {
    if (password.length == 0) {
      throw new IllegalArgumentException(
          "the password of " + file + " is empty, must have at least 1 character");
    }
    return new Pkcs12KeyStore(file.toAbsolutePath(), password.clone());
  }

  @Override
  public synchronized Set<String> names() throws IOException {
    try {
      return new HashSet<>(Collections.list(load().aliases()));
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  @Override
  public synchronized Optional<SecretKey> find(String name) throws IOException {
    try {
      return Optional.ofNullable((SecretKey) load().getKey(name, password));
    } catch (GeneralSecurityException | ClassCastException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  @Override
  public synchronized SecretKey create(String name) throws IOException {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    SecretKey key = new SecretKeySpec(bytes, "AES");
    try {
      KeyStore store = load();
      store.setEntry(
          name, new KeyStore.SecretKeyEntry(key), new KeyStore.PasswordProtection(password));
      save(store);
      return key;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  @Override
  public synchronized void destroy(String name) throws IOException {
    try {
      KeyStore store = load();
      if (store.containsAlias(name)) {
        store.deleteEntry(name);
        save(store);
      }
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private KeyStore load() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      // Without the password nothing is compared with the file's checksum, which would be a third
      // of a start: what was changed gives no key, or one that opens nothing.
      store.load(
          Files.exists(file) ? new ByteArrayInputStream(Files.readAllBytes(file)) : null, null);
      return store;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(e);
    }
  }

  private void save(KeyStore store) throws IOException, GeneralSecurityException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, password);
    Path directory = file.getParent();
    if (directory != null) {
      DurableFile.createDirectories(directory);
    }
    DurableFile.replace(file, ByteBuffer.wrap(bytes.toByteArray()));
  }

  private IOException unusable(Exception e) {
    return new IOException(
        "the key store " + file + " gives no key with this password, or is damaged", e);
  }

  /** Prints where, not what. */
  @Override
  public String toString() {
    return "Pkcs12KeyStore[" + file + "]";
  }
}
