package io.tacit.client.storage;

import io.tacit.client.keys.KeyStoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The two data keys of a client, in a file that a key of the key store encrypts. Immutable; a
 * {@link #next} one takes its place.
 *
 * <p>Each {@code next} has an epoch one higher, and a key of its own in the store, which is the only
 * one of the client from then on: so the key store remembers, without knowing it, how far the file
 * has come, and copies of earlier files open no more.
 *
 * <pre>
 * "TCTK", u8 version 1, 3 bytes 0, i64 client, i64 epoch, i64 id of the person's key before,
 * 12 bytes nonce, (i64 id, 32 bytes key) of the person's and of the app's data key in AES-256-GCM
 * with the 32 bytes before the nonce as associated data, u32 CRC-32 of all before
 * </pre>
 */
final class KeyRing {

  static final String FILE = "keys";

  private static final int MAGIC = 'T' << 24 | 'C' << 16 | 'T' << 8 | 'K';
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int SEALED_BYTES = 2 * DataKey.WRITTEN_BYTES + TAG_BYTES;
  private static final int FILE_BYTES = HEADER_BYTES + NONCE_BYTES + SEALED_BYTES + 4;

  private final long client;
  private final long epoch;
  private final long forgotten;
  private final DataKey person;
  private final DataKey app;

  private KeyRing(long client, long epoch, long forgotten, DataKey person, DataKey app) {
    this.client = client;
    this.epoch = epoch;
    this.forgotten = forgotten;
    this.person = person;
    this.app = app;
  }

  static KeyRing generate(SecureRandom random) {
    return new KeyRing(
        random.nextLong(), 1, 0, DataKey.generate(random), DataKey.generate(random));
  }

  /** For what is about the person. */
  DataKey person() {
    return person;
  }

  /** For what is the same for everyone, and for how far things have come. */
  DataKey app() {
    return app;
  }

  /** How often the client has forgotten, and one. */
  long epoch() {
    return epoch;
  }

  /** Id of the person's key before this one: what it sealed has only not been deleted yet. */
  long forgotten() {
    return forgotten;
  }

  /** With a new key for the person, whom the client forgets by that. */
  KeyRing next(SecureRandom random) {
    return new KeyRing(client, epoch + 1, person.id(), DataKey.generate(random), app);
  }

  // ---- in the key store ----

  private static String prefix(long client) {
    String digits = "000000000000000" + Long.toHexString(client);
    return "tacit-" + digits.substring(digits.length() - 16) + "-";
  }

  private String keyName() {
    return prefix(client) + epoch;
  }

  /** Of the client's keys in the store, destroys all but the one that this file needs. */
  private void destroyOthers(KeyStoreProvider keys) throws IOException {
    for (String name : namesOf(client, keys)) {
      if (!name.equals(keyName())) {
        keys.destroy(name);
      }
    }
  }

  private static Set<String> namesOf(long client, KeyStoreProvider keys) throws IOException {
    Set<String> own = new HashSet<>();
    for (String name : keys.names()) {
      if (name.startsWith(prefix(client))) {
        own.add(name);
      }
    }
    return own;
  }

  // ---- in the directory ----

  /** Makes this the client's, with a new key in the store, and destroys the earlier ones there. */
  void keep(Path directory, KeyStoreProvider keys) throws IOException {
    write(directory, keys.create(keyName()));
    destroyOthers(keys);
  }

  private void write(Path directory, SecretKey key) throws IOException {
    ByteBuffer plain = ByteBuffer.allocate(2 * DataKey.WRITTEN_BYTES);
    person.put(plain);
    app.put(plain);
    ByteBuffer file = ByteBuffer.allocate(FILE_BYTES);
    file.putInt(MAGIC).putInt(VERSION << 24).putLong(client).putLong(epoch).putLong(forgotten);
    try {
      Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
      gcm.init(Cipher.ENCRYPT_MODE, key);
      gcm.updateAAD(file.array(), 0, HEADER_BYTES);
      file.put(gcm.getIV()).put(gcm.doFinal(plain.array()));
    } catch (GeneralSecurityException e) {
      throw DataKey.unavailable(e);
    } finally {
      Arrays.fill(plain.array(), (byte) 0);
    }
    file.putInt(crc(file.array()));
    DurableFile.replace(directory.resolve(FILE), ByteBuffer.wrap(file.array()));
  }

  private static int crc(byte[] file) {
    CRC32 crc = new CRC32();
    crc.update(file, 0, FILE_BYTES - 4);
    return (int) crc.getValue();
  }

  /**
   * Reads the client's file with a key of the store, and finishes there what was cut short.
   *
   * @return empty if there is no file
   * @throws CorruptFileException if it is not the client's present one, or the store not its store
   */
  static Optional<KeyRing> read(Path directory, KeyStoreProvider keys, SecureRandom random)
      throws IOException {
    Path path = directory.resolve(FILE);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (bytes.length < FILE_BYTES) {
      throw new CorruptFileException(
          path,
          FileFault.CUT_SHORT,
          "has " + bytes.length + " bytes, must have " + FILE_BYTES);
    }
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (bytes.length > FILE_BYTES
        || file.getInt(FILE_BYTES - 4) != crc(bytes)
        || file.getInt() != MAGIC
        || file.getInt() != VERSION << 24) {
      throw new CorruptFileException(
          path, FileFault.DAMAGED, "does not match its checksum, or is of another version");
    }
    long client = file.getLong();
    long epoch = file.getLong();
    long forgotten = file.getLong();
    byte[] plain = unwrap(path, bytes, find(path, client, epoch, keys));
    ByteBuffer written = ByteBuffer.wrap(plain);
    KeyRing ring =
        new KeyRing(
            client, epoch, forgotten, DataKey.get(written, random), DataKey.get(written, random));
    Arrays.fill(plain, (byte) 0);
    ring.destroyOthers(keys);
    return Optional.of(ring);
  }

  private static byte[] unwrap(Path path, byte[] file, SecretKey key) throws IOException {
    try {
      Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
      gcm.init(
          Cipher.DECRYPT_MODE,
          key,
          new GCMParameterSpec(8 * TAG_BYTES, file, HEADER_BYTES, NONCE_BYTES));
      gcm.updateAAD(file, 0, HEADER_BYTES);
      return gcm.doFinal(file, HEADER_BYTES + NONCE_BYTES, SEALED_BYTES);
    } catch (AEADBadTagException e) {
      throw new CorruptFileException(
          path, FileFault.WRONG_KEY, "does not open with the key of its name in the key store");
    } catch (GeneralSecurityException e) {
      throw DataKey.unavailable(e);
    }
  }

  private static SecretKey find(Path path, long client, long epoch, KeyStoreProvider keys)
      throws IOException {
    Set<String> own = namesOf(client, keys);
    if (own.contains(prefix(client) + epoch)) {
      Optional<SecretKey> key = keys.find(prefix(client) + epoch);
      if (key.isPresent()) {
        return key.get();
      }
    }
    if (own.isEmpty()) {
      throw new CorruptFileException(
          path,
          FileFault.WRONG_KEY,
          "has no key in this key store, which is another client's or new");
    }
    throw new CorruptFileException(
        path,
        FileFault.ROLLED_BACK,
        "is of epoch " + epoch + ", and the key store has " + own + ": one of both was set back");
  }

  @Override
  public String toString() {
    return "KeyRing[" + keyName() + "]";
  }
}
