package io.tacit.client.storage;

import io.tacit.client.keys.KeyStoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The two data keys of a client, in a file that a key of the key store encrypts. Immutable; a
 * {@link #next} one takes its place.
 *
 * <p>Each {@code next} has an epoch one higher, and a key of its own in the store, which is the
 * only one of the client from then on: so the key store remembers, without knowing it, how far the
 * file has come, and copies of earlier files open no more.
 *
 * <p>The file is a {@link SealedFile} whose key id is the client's and whose generation is the
 * epoch. Its content: i64 id of the person's key before, then (i64 id, 32 bytes key) of the
 * person's and of the app's key.
 *
 * @param client random name of the client, in the names of its keys in the store
 * @param epoch how often the client has forgotten, and one
 * @param forgotten id of the person's key before: what it sealed has only not been deleted yet
 * @param person for what is about the person
 * @param app for what is the same for everyone, and for how far things have come
 */
record KeyRing(long client, long epoch, long forgotten, DataKey person, DataKey app) {

  static final String FILE = "keys";

  private static final int CONTENT_BYTES = Long.BYTES + 2 * DataKey.WRITTEN_BYTES;

  static KeyRing generate(SecureRandom random) {
    return new KeyRing(random.nextLong(), 1, 0, DataKey.generate(random), DataKey.generate(random));
  }

  /** With a new key for the person, whom the client forgets by that. */
  KeyRing next(SecureRandom random) {
    return new KeyRing(client, epoch + 1, person.id(), DataKey.generate(random), app);
  }

  private static String prefix(long client) {
    return "tacit-" + Long.toHexString(client) + "-";
  }

  /** Makes this the client's, with a new key in the store, and destroys the earlier ones there. */
  void keep(Path directory, KeyStoreProvider keys) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(CONTENT_BYTES).putLong(forgotten);
    person.put(content);
    app.put(content);
    SecretKey key = keys.create(prefix(client) + epoch);
    SealedFile.write(
        directory.resolve(FILE), FILE, new DataKey(client, key), epoch, content.array());
    destroyOthers(keys);
  }

  /** Of the client's keys in the store, destroys all but the one that this ring has. */
  private void destroyOthers(KeyStoreProvider keys) throws IOException {
    for (String name : keys.names()) {
      if (name.startsWith(prefix(client)) && !name.equals(prefix(client) + epoch)) {
        keys.destroy(name);
      }
    }
  }

  /**
   * Reads the client's file with a key of the store, and finishes there what was cut short.
   *
   * @return null if there is no file
   * @throws CorruptFileException if it is not the client's present one, or the store not its store
   */
  static @Nullable KeyRing read(Path directory, KeyStoreProvider keys) throws IOException {
    Path path = directory.resolve(FILE);
    SealedFile file = SealedFile.read(path, CONTENT_BYTES);
    if (file == null) {
      return null;
    }
    long client = file.keyId();
    long epoch = file.generation();
    Optional<SecretKey> key = keys.find(prefix(client) + epoch);
    if (!key.isPresent()) {
      throw new CorruptFileException(path, withoutKey(client, keys));
    }
    ByteBuffer content = ByteBuffer.wrap(file.content(new DataKey(client, key.get()), FILE));
    KeyRing ring =
        new KeyRing(client, epoch, content.getLong(), DataKey.get(content), DataKey.get(content));
    ring.destroyOthers(keys);
    return ring;
  }

  /** With a key of another epoch in the store, the file or the store was set back. */
  private static FileFault withoutKey(long client, KeyStoreProvider keys) throws IOException {
    for (String name : keys.names()) {
      if (name.startsWith(prefix(client))) {
        return FileFault.ROLLED_BACK;
      }
    }
    return FileFault.WRONG_KEY;
  }

  /** Prints no key. */
  @Override
  public String toString() {
    return "KeyRing[" + prefix(client) + epoch + "]";
  }
}
