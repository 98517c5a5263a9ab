package io.tacit.client.keys;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DurableFile;
import io.tacit.client.storage.FileFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import org.jspecify.annotations.Nullable;

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
    KeyStore store = load();
    try {
      return new HashSet<>(Collections.list(store.aliases()));
    } catch (GeneralSecurityException e) {
      throw unreadable(e);
    }
  }

  @Override
  public synchronized Optional<SecretKey> find(String name) throws IOException {
    KeyStore store = load();
    try {
      return Optional.ofNullable((SecretKey) store.getKey(name, password));
    } catch (GeneralSecurityException | ClassCastException | IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  @Override
  public synchronized SecretKey create(String name) throws IOException {
    KeyStore store = load();
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    SecretKey key = new SecretKeySpec(bytes, "AES");
    try {
      store.setEntry(
          name, new KeyStore.SecretKeyEntry(key), new KeyStore.PasswordProtection(password));
    } catch (GeneralSecurityException e) {
      throw new IOException("can not put a key into " + file + ": " + e.getMessage(), e);
    }
    save(store);
    return key;
  }

  @Override
  public synchronized void destroy(String name) throws IOException {
    KeyStore store = load();
    try {
      if (!store.containsAlias(name)) {
        return;
      }
      store.deleteEntry(name);
    } catch (GeneralSecurityException e) {
      throw new IOException("can not destroy a key of " + file + ": " + e.getMessage(), e);
    }
    save(store);
  }

  private KeyStore load() throws IOException {
    byte[] bytes = bytes();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      // Without the password nothing is compared with the file's checksum, which would be a third
      // of a start: what was changed gives no key, or one that opens nothing.
      store.load(bytes == null ? null : new ByteArrayInputStream(bytes), null);
      return store;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CorruptFileException(file, FileFault.DAMAGED, "is no PKCS#12 file any more");
    }
  }

  private byte @Nullable [] bytes() throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void save(KeyStore store) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      store.store(bytes, password);
    } catch (GeneralSecurityException e) {
      throw new IOException("can not write " + file + ": " + e.getMessage(), e);
    }
    Path directory = file.getParent();
    if (directory != null) {
      DurableFile.createDirectories(directory);
    }
    DurableFile.replace(file, ByteBuffer.wrap(bytes.toByteArray()));
  }

  private CorruptFileException unreadable(Exception e) {
    CorruptFileException unreadable =
        new CorruptFileException(
            file, FileFault.WRONG_KEY, "gives no key with this password, or is damaged");
    unreadable.initCause(e);
    return unreadable;
  }

  /** Prints where, not what. */
  @Override
  public String toString() {
    return "Pkcs12KeyStore[" + file + "]";
  }
}
