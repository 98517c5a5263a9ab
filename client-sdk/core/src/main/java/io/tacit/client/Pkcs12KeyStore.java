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
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A PKCS#12 file with a password or under a secret, for the JVM.
 *
 * <p>Guarantee: the file holds the old keys or the new ones, whole, and is open to its owner only
 * where the file system can express that. Assumes: the password is secret, which is all that
 * protects the keys from who has the file, and a secret is random; one process at a time writes to
 * the file. A key that was destroyed lives on in a copy of the file. Thread-safe.
 */
public final class Pkcs12KeyStore implements KeyStoreProvider {

  private static final int KEY_BYTES = 32;

  /** Of a secret: as many as a key has, so that it is no easier to guess than a key. */
  private static final int SECRET_BYTES_MIN = 32;

  private static final int SECRET_BYTES_MAX = 1024;
  private static final int SALT_BYTES = 20;

  private final Path file;
  private final char[] password;

  /** Whether nobody can guess the password, so that making guesses slow adds nothing. */
  private final boolean isRandom;

  private final SecureRandom random = new SecureRandom();

  private Pkcs12KeyStore(Path file, char[] password, boolean isRandom) {
    this.file = file.toAbsolutePath();
    this.password = password;
    this.isRandom = isRandom;
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
    return new Pkcs12KeyStore(file, password.clone(), false);
  }

  /**
   * A key store in a file, which is made with the first key. Nobody can guess the secret, so what
   * makes guesses at a password slow, ten thousand iterations of a hash, is left out: that is a
   * third of a start.
   *
   * @param file as with a password
   * @param secret 32 to 1,024 bytes of a {@link SecureRandom} or of a key, the same every time;
   *     copied. In other tools the password of the file is these bytes in hexadecimal, lower case
   * @throws IllegalArgumentException if it is too short, or is text: a person may have chosen that
   */
  public static Pkcs12KeyStore underSecret(Path file, byte[] secret) {
    return underSecret(file, hexadecimal(secret));
  }

  /**
   * @param secret as {@link #hexadecimal} gives it
   */
  static Pkcs12KeyStore underSecret(Path file, char[] secret) {
    return new Pkcs12KeyStore(file, secret, true);
  }

  /** Checks a secret, and writes it as the password of a file. */
  static char[] hexadecimal(byte[] secret) {
    if (secret.length < SECRET_BYTES_MIN || secret.length > SECRET_BYTES_MAX) {
      throw new IllegalArgumentException(
          "secret has "
              + secret.length
              + " bytes, must have "
              + SECRET_BYTES_MIN
              + " to "
              + SECRET_BYTES_MAX
              + ", all random; give what a person chose as a password");
    }
    char[] hexadecimal = new char[2 * secret.length];
    boolean isText = true;
    for (int i = 0; i < secret.length; i++) {
      hexadecimal[2 * i] = Character.forDigit(secret[i] >> 4 & 0xf, 16);
      hexadecimal[2 * i + 1] = Character.forDigit(secret[i] & 0xf, 16);
      isText &= secret[i] >= ' ' && secret[i] <= '~';
    }
    if (isText) {
      throw new IllegalArgumentException(
          "secret is text, must be random bytes; decode it if it is hexadecimal or Base64, else"
              + " give it as a password");
    }
    return hexadecimal;
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
      store.setEntry(name, new KeyStore.SecretKeyEntry(key), protection());
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

  /** How a key is encrypted: with the platform's iterations, or with one under a secret. */
  private KeyStore.PasswordProtection protection() {
    if (!isRandom) {
      return new KeyStore.PasswordProtection(password);
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new KeyStore.PasswordProtection(
        password, "PBEWithHmacSHA256AndAES_256", new PBEParameterSpec(salt, 1));
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
