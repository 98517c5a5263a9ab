package io.tacit.client.storage;

import io.tacit.client.keys.KeyStoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key store in a file that a key of the app encrypts. With a key that nobody can guess there is
 * no password to make guesses at slow, which takes longer than all else of opening a client.
 *
 * <p>Guarantee: the file holds the old keys or the new ones, whole; one that was changed, or made
 * under another key, gives none. Assumes: the app's key is random and secret; one process at a time
 * writes to the file. A key that was destroyed lives on in a copy of the file. Thread-safe.
 *
 * <p>It is a {@link SealedFile} whose content has for each key a u8 length, a name, 32 bytes.
 */
public final class KeyFile implements KeyStoreProvider {

  private static final int KEY_BYTES = 32;
  private static final int CONTENT_BYTES_MAX = 1 << 20;

  /** What the file is called inside, wherever it lies. */
  private static final String NAME = "key-store";

  private final Path file;
  private final DataKey key;

  private KeyFile(Path file, DataKey key) {
    this.file = file;
    this.key = key;
  }

  /**
   * A key store in a file, which is made with the first key.
   *
   * @param key as {@link #check} takes it; copied
   */
  public static KeyFile of(Path file, byte[] key) {
    check(key);
    return new KeyFile(file.toAbsolutePath(), new DataKey(0, new SecretKeySpec(key, "AES")));
  }

  /**
   * Checks a key of an app.
   *
   * @throws IllegalArgumentException if it has not 32 bytes, or is text: a person may have chosen
   *     that, and then it can be guessed
   */
  public static void check(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "key has "
              + key.length
              + " bytes, must have 32 of a secure random generator; give what a person chose as a"
              + " password");
    }
    for (byte b : key) {
      if (b < ' ' || b > '~') {
        return;
      }
    }
    throw new IllegalArgumentException(
        "key is text, must be 32 bytes of a secure random generator; decode it if it is"
            + " hexadecimal or Base64, give it as a password if a person chose it");
  }

  @Override
  public synchronized Set<String> names() throws IOException {
    return load().keySet();
  }

  @Override
  public synchronized Optional<SecretKey> find(String name) throws IOException {
    byte[] bytes = load().get(name);
    return bytes == null ? Optional.empty() : Optional.of(new SecretKeySpec(bytes, "AES"));
  }

  @Override
  public synchronized SecretKey create(String name) throws IOException {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    Map<String, byte[]> keys = load();
    keys.put(name, bytes);
    save(keys);
    return new SecretKeySpec(bytes, "AES");
  }

  @Override
  public synchronized void destroy(String name) throws IOException {
    Map<String, byte[]> keys = load();
    if (keys.remove(name) != null) {
      save(keys);
    }
  }

  private Map<String, byte[]> load() throws IOException {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    try {
      SealedFile sealed = SealedFile.read(file, CONTENT_BYTES_MAX);
      ByteBuffer content =
          ByteBuffer.wrap(sealed == null ? new byte[0] : sealed.content(key, NAME));
      while (content.hasRemaining()) {
        byte[] name = new byte[content.get()];
        byte[] bytes = new byte[KEY_BYTES];
        content.get(name).get(bytes);
        keys.put(new String(name, StandardCharsets.US_ASCII), bytes);
      }
      return keys;
    } catch (CorruptFileException e) {
      throw new IOException(
          "the key store " + file + " does not open under this key, or is damaged", e);
    }
  }

  private void save(Map<String, byte[]> keys) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(CONTENT_BYTES_MAX);
    for (Map.Entry<String, byte[]> entry : keys.entrySet()) {
      byte[] name = entry.getKey().getBytes(StandardCharsets.US_ASCII);
      content.put((byte) name.length).put(name).put(entry.getValue());
    }
    byte[] written = new byte[content.position()];
    System.arraycopy(content.array(), 0, written, 0, written.length);
    Path directory = file.getParent();
    if (directory != null) {
      DurableFile.createDirectories(directory);
    }
    SealedFile.write(file, NAME, key, 0, written);
  }

  /** Prints where, not what. */
  @Override
  public String toString() {
    return "KeyFile[" + file + "]";
  }
}
