package io.tacit.client.storage;

import io.tacit.client.keys.KeyStoreProvider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the files of one client, and knows which there are.
 *
 * <p>Guarantee: what is in the files can be read with the key store alone, and no more after {@link
 * #forget}, not even from a copy of them. A file that is damaged, cut short, of another key, of
 * another name, older than it was, or gone is refused with that reason. All that holds after a
 * death of the process at any moment. Assumes: whoever can set back all files of the directory at
 * once, and does so without going back behind the last {@link #forget}, is not noticed.
 *
 * <p>It belongs to one object of one process from {@link #open} to {@link #close}. Thread-safe.
 */
public final class Vault implements Closeable {

  /** Everything that a vault's keys have encrypted begins so: "TCTS". */
  public static final int MAGIC = 'T' << 24 | 'C' << 16 | 'T' << 8 | 'S';

  private static final String HEAD = "head";
  private static final String LOCK = ".keys.lock";
  private static final int HEAD_BYTES_MAX = 1 << 20;

  private final Path directory;
  private final KeyStoreProvider keys;
  private final List<String> impersonal;
  private final ExclusiveLock lock;
  private KeyRing ring;
  private Generations generations = new Generations();
  private boolean unsaved;

  private Vault(Path directory, KeyStoreProvider keys, List<String> impersonal, ExclusiveLock lock)
      throws IOException {
    this.directory = directory;
    this.keys = keys;
    this.impersonal = impersonal;
    this.lock = lock;
    KeyRing known = KeyRing.read(directory, keys);
    if (known != null) {
      ring = known;
      openHead();
    } else {
      requireNoFiles();
      ring = KeyRing.generate(new SecureRandom());
      saveHead();
      ring.keep(directory, keys);
    }
  }

  /**
   * Opens the files of a client, or makes its keys if there are no files.
   *
   * @param directory of the client, made if it is missing
   * @param impersonal beginnings of the names of files that are not about the person
   * @throws InUseException if another process or object has it open
   * @throws CorruptFileException if keys and files do not belong together
   */
  public static Vault open(Path directory, KeyStoreProvider keys, List<String> impersonal)
      throws IOException {
    DurableFile.createDirectories(directory);
    ExclusiveLock lock = ExclusiveLock.acquire(directory.resolve(LOCK));
    boolean opened = false;
    try {
      Vault vault = new Vault(directory, keys, impersonal, lock);
      opened = true;
      return vault;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /**
   * Makes sure that files without encryption do not lie beside encrypted ones.
   *
   * @param directory of a client that does not encrypt
   */
  public static void requireNone(Path directory) throws CorruptFileException {
    if (Files.exists(directory.resolve(KeyRing.FILE))) {
      throw new CorruptFileException(directory, FileFault.ENCRYPTED);
    }
  }

  /** Without keys, there may be no files that they would have opened, or that are not encrypted. */
  private void requireNoFiles() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path part : parts) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(part, "[a-z]*")) {
          if (files.iterator().hasNext()) {
            throw Files.exists(path(HEAD))
                ? new CorruptFileException(path(KeyRing.FILE), FileFault.MISSING)
                : new CorruptFileException(part, FileFault.NOT_ENCRYPTED);
          }
        }
      }
    }
  }

  // ---- whole files ----

  /** The storage of small files in a directory of the client. */
  public DeviceStorage storage(String part) throws IOException {
    return DeviceStorage.open(path(part), this, prefix(part));
  }

  /** What the names of files in a directory of the client begin with. */
  public static String prefix(String part) {
    return part.isEmpty() ? "" : part + "/";
  }

  /** Where a part of the client's files is. */
  public Path path(String part) {
    return directory.resolve(part);
  }

  /** Reads a file; empty if it is not there and does not have to be. */
  Optional<byte[]> read(String name, int bytesMax) throws IOException {
    try {
      return readOnce(name, bytesMax);
    } catch (CorruptFileException e) {
      // Once more while nobody writes: another thread may have replaced the file meanwhile.
      synchronized (this) {
        return readOnce(name, bytesMax);
      }
    }
  }

  private Optional<byte[]> readOnce(String name, int bytesMax) throws IOException {
    Path path = path(name);
    SealedFile file = SealedFile.read(path, bytesMax);
    DataKey key = file == null ? null : key(path, file.keyId());
    if (file == null || key == null) {
      if (size(name) != Generations.EXPECTED) {
        throw new CorruptFileException(path, FileFault.MISSING);
      }
      return Optional.empty();
    }
    byte[] content = file.content(key, name);
    FileFault fault = judge(name, file.generation());
    if (fault == FileFault.ROLLED_BACK) {
      throw new CorruptFileException(path, fault);
    }
    return fault == null ? Optional.of(content) : Optional.empty();
  }

  /** The key of an id; null if its files count as deleted. */
  private synchronized @Nullable DataKey key(Path path, long id) throws CorruptFileException {
    if (id == ring.person().id()) {
      return ring.person();
    } else if (id == ring.app().id()) {
      return ring.app();
    } else if (id == ring.forgotten()) {
      return null;
    }
    throw new CorruptFileException(path, FileFault.WRONG_KEY);
  }

  synchronized void write(String name, byte[] content) throws IOException {
    if (!generations.knows(name)) {
      begin(name);
    }
    long generation = nextGeneration();
    DataKey key = isImpersonal(name) ? ring.app() : ring.person();
    SealedFile.write(path(name), name, key, generation, content);
    written(name, generation, 0);
  }

  synchronized void delete(String name) throws IOException {
    if (generations.knows(name)) {
      generations.forget(name);
      saveHead();
    }
    if (Files.deleteIfExists(path(name))) {
      DurableFile.syncDirectory(path(name));
    }
  }

  synchronized boolean contains(String name) {
    return generations.knows(name) && Files.exists(path(name));
  }

  private boolean isImpersonal(String name) {
    String file = name.substring(name.indexOf('/') + 1);
    for (String beginning : impersonal) {
      if (file.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  // ---- files that grow, which their writers seal record by record ----

  /** The key for records about the person. */
  public synchronized DataKey recordKey() {
    return ring.person();
  }

  /** Whether a key's files count as deleted. */
  public synchronized boolean isForgotten(long keyId) {
    return keyId == ring.forgotten();
  }

  /**
   * Notes that a file is going to be written, before it is.
   *
   * @return the generation that it must have
   */
  public synchronized long begin(String name) throws IOException {
    long generation = nextGeneration();
    written(name, generation, Generations.EXPECTED);
    return generation;
  }

  /** The generation for a file that replaces one, to be {@link #written} then. */
  public synchronized long nextGeneration() throws IOException {
    // INVARIANT: at most one file is newer than what is on the disk of the notes.
    if (unsaved) {
      saveHead();
    }
    return generations.next();
  }

  /**
   * Notes that a file is there, in memory for now: it is on the disk with the next note that is.
   *
   * @param size that it has at least from now on, in a unit of the caller's choice
   */
  public synchronized void note(String name, long generation, int size) {
    generations.note(name, generation, size);
    unsaved = true;
  }

  /** Notes, durably, that a file is there; see {@link #note}. */
  public synchronized void written(String name, long generation, int size) throws IOException {
    note(name, generation, size);
    saveHead();
  }

  /** Notes that no file whose name begins so is there any more, before they are deleted. */
  public synchronized void forgetNames(String prefix) throws IOException {
    List<String> names = names(prefix);
    if (!names.isEmpty()) {
      names.forEach(generations::forget);
      saveHead();
    }
  }

  /** Names of files that begin so, in no order; those that may be missing are among them. */
  public synchronized List<String> names(String prefix) {
    return generations.names(prefix);
  }

  /** The least generation that a file may have, 0 for one that should not be there. */
  public synchronized long generation(String name) {
    return generations.generation(name);
  }

  /** The size that a file has at least; negative if it may be missing. */
  public synchronized int size(String name) {
    return generations.size(name);
  }

  /**
   * Compares a file's generation with what was written.
   *
   * @return null if it is the present one; MISSING if it should not be there
   * @throws CorruptFileException if this vault itself was set back
   */
  public synchronized @Nullable FileFault judge(String name, long generation)
      throws CorruptFileException {
    if (generation > generations.next()) {
      throw new CorruptFileException(path(HEAD), FileFault.ROLLED_BACK);
    }
    return generations.judge(name, generation);
  }

  // ---- the whole ----

  /**
   * Makes everything about the person unreadable, in this directory and in copies of it, by
   * destroying its key. The files themselves have yet to be deleted; until they are, they count as
   * deleted.
   */
  public synchronized void forget() throws IOException {
    KeyRing next = ring.next(new SecureRandom());
    next.keep(directory, keys);
    ring = next;
    forgetPerson();
  }

  private void forgetPerson() throws IOException {
    for (String name : generations.names("")) {
      if (!isImpersonal(name)) {
        generations.forget(name);
      }
    }
    saveHead();
  }

  /**
   * Reads which files there are, and finishes to forget where a death of the process cut in. The
   * generation of the head is the epoch of the keys.
   */
  private void openHead() throws IOException {
    Path path = path(HEAD);
    SealedFile head = SealedFile.read(path, HEAD_BYTES_MAX);
    if (head == null) {
      throw new CorruptFileException(path, FileFault.MISSING);
    } else if (head.keyId() != ring.app().id()) {
      throw new CorruptFileException(path, FileFault.WRONG_KEY);
    }
    generations = Generations.fromBytes(head.content(ring.app(), HEAD));
    if (head.generation() == ring.epoch() - 1) {
      forgetPerson();
    } else if (head.generation() != ring.epoch()) {
      throw new CorruptFileException(path, FileFault.ROLLED_BACK);
    }
  }

  private void saveHead() throws IOException {
    unsaved = true;
    SealedFile.write(path(HEAD), HEAD, ring.app(), ring.epoch(), generations.toBytes());
    unsaved = false;
  }

  /** Lets others open the files. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  /** Prints where, not what. */
  @Override
  public String toString() {
    return "Vault[" + directory + "]";
  }
}
