package io.tacit.client.storage;

import io.tacit.client.keys.KeyStoreProvider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Encrypts the files of one client, and knows which there are.
 *
 * <p>Guarantee: what is in the files can be read with the key store alone, and no more after {@link
 * #forget}, not even from a copy of them. A file that is damaged, cut short, of another key, of
 * another name, older than it was, or gone is refused with that reason. All that holds after a death
 * of the process at any moment. Assumes: whoever can set back all files of the directory at once,
 * and does so without going back behind the last {@link #forget}, is not noticed.
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
  private final SecureRandom random;
  private final ExclusiveLock lock;
  private KeyRing ring;
  private Generations generations = new Generations();
  private boolean unsaved;

  private Vault(
      Path directory,
      KeyStoreProvider keys,
      List<String> impersonal,
      SecureRandom random,
      ExclusiveLock lock)
      throws IOException {
    this.directory = directory;
    this.keys = keys;
    this.impersonal = impersonal;
    this.random = random;
    this.lock = lock;
    Optional<KeyRing> known = KeyRing.read(directory, keys, random);
    if (known.isPresent()) {
      ring = known.get();
      openHead();
    } else {
      requireNew();
      ring = KeyRing.generate(random);
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
  public static Vault open(
      Path directory, KeyStoreProvider keys, List<String> impersonal, SecureRandom random)
      throws IOException {
    DurableFile.createDirectories(directory);
    ExclusiveLock lock = ExclusiveLock.acquire(directory.resolve(LOCK));
    boolean opened = false;
    try {
      Vault vault = new Vault(directory, keys, impersonal, random, lock);
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
      throw new CorruptFileException(
          directory.resolve(KeyRing.FILE),
          FileFault.ENCRYPTED,
          "says that the client's files are encrypted; build the client with their key store");
    }
  }

  /** Without keys, there may be no files that they would have opened, or that are not encrypted. */
  private void requireNew() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path part : parts) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(part, "[a-z]*")) {
          for (Path file : files) {
            throw notNew(file);
          }
        }
      }
    }
  }

  private CorruptFileException notNew(Path file) throws IOException {
    Path missing = directory.resolve(KeyRing.FILE);
    return isSealed(file)
        ? new CorruptFileException(
            missing, FileFault.MISSING, "is gone, and nothing else can open " + file)
        : new CorruptFileException(
            file, FileFault.NOT_ENCRYPTED, "was written by a client without encryption");
  }

  private static boolean isSealed(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.size() >= Integer.BYTES
          && ByteBuffer.wrap(DurableFile.readFully(channel, 0, Integer.BYTES)).getInt() == MAGIC;
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
    Optional<byte[]> bytes = bytes(path, SealedFile.bytesMax(bytesMax));
    Optional<SealedFile> file =
        bytes.isPresent() ? SealedFile.open(path, bytes.get(), this::key) : Optional.empty();
    if (!file.isPresent()) {
      requireExpected(name, path);
      return Optional.empty();
    }
    return checked(file.get(), name, path);
  }

  private synchronized Optional<byte[]> checked(SealedFile file, String name, Path path)
      throws CorruptFileException {
    if (!file.name().equals(name)) {
      throw new CorruptFileException(
          path, FileFault.SWAPPED, "holds what was written as " + file.name());
    }
    FileFault fault = generations.judge(name, file.generation());
    if (fault == FileFault.ROLLED_BACK) {
      throw rolledBack(name, path, file.generation());
    }
    return fault == null ? Optional.of(file.content()) : Optional.empty();
  }

  private CorruptFileException rolledBack(String name, Path path, long generation) {
    return generation > generations.next()
        ? new CorruptFileException(
            path(HEAD),
            FileFault.ROLLED_BACK,
            "is of generation " + (generations.next() - 1) + ", and " + name + " of " + generation)
        : new CorruptFileException(
            path,
            FileFault.ROLLED_BACK,
            "is of generation " + generation + ", written was " + generations.least(name));
  }

  private synchronized void requireExpected(String name, Path path) throws CorruptFileException {
    if (generations.requires(name)) {
      throw new CorruptFileException(path, FileFault.MISSING, "is gone, though it was written");
    }
  }

  private static Optional<byte[]> bytes(Path path, long bytesMax) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() > bytesMax) {
        throw new CorruptFileException(
            path,
            FileFault.DAMAGED,
            "has " + channel.size() + " bytes, must have at most " + bytesMax);
      }
      return Optional.of(DurableFile.readFully(channel, 0, (int) channel.size()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private synchronized Optional<DataKey> key(long id) throws CorruptFileException {
    if (id == ring.person().id()) {
      return Optional.of(ring.person());
    } else if (id == ring.app().id()) {
      return Optional.of(ring.app());
    } else if (id == ring.forgotten()) {
      return Optional.empty();
    }
    throw new CorruptFileException(
        directory, FileFault.WRONG_KEY, "has a file that was encrypted with another key");
  }

  synchronized void write(String name, byte[] content) throws IOException {
    saveIfUnsaved();
    if (!generations.knows(name)) {
      generations.expect(name, generations.next());
      saveHead();
    }
    long generation = generations.next();
    DataKey key = isImpersonal(name) ? ring.app() : ring.person();
    DurableFile.replace(path(name), new SealedFile(name, generation, content).sealedWith(key));
    generations.written(name, generation, 0);
    saveHead();
  }

  synchronized void delete(String name) throws IOException {
    forgetName(name);
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
    saveIfUnsaved();
    long generation = generations.next();
    generations.expect(name, generation);
    saveHead();
    return generation;
  }

  /** The generation for a file that replaces one, to be {@link #written} then. */
  public synchronized long replacing() throws IOException {
    saveIfUnsaved();
    return generations.next();
  }

  /** Notes that a file is there, in memory for now: it is on the disk with the next note that is. */
  public synchronized void note(String name, long generation, int size) {
    generations.written(name, generation, size);
    unsaved = true;
  }

  /**
   * Notes that a file is there.
   *
   * @param size that it has at least from now on, in a unit of the caller's choice
   */
  public synchronized void written(String name, long generation, int size) throws IOException {
    generations.written(name, generation, size);
    saveHead();
  }

  /** Notes that a file is not there any more, before it is deleted. */
  public synchronized void forgetName(String name) throws IOException {
    if (generations.knows(name)) {
      generations.forget(name);
      saveHead();
    }
  }

  /** Notes that no file of these names is there any more, before they are deleted. */
  public synchronized void forgetNames(String prefix) throws IOException {
    List<String> names = generations.names(prefix);
    if (!names.isEmpty()) {
      names.forEach(generations::forget);
      saveHead();
    }
  }

  /** Names that begin so of files that must be there, in no order. */
  public synchronized List<String> required(String prefix) {
    List<String> required = new ArrayList<>();
    for (String name : generations.names(prefix)) {
      if (generations.requires(name)) {
        required.add(name);
      }
    }
    return required;
  }

  /** The least generation that a file may have, 0 for one that should not be there. */
  public synchronized long generation(String name) {
    return generations.least(name);
  }

  /** The size that a file has at least. */
  public synchronized int size(String name) {
    return generations.size(name);
  }

  /**
   * Compares a file's generation with what was written.
   *
   * @return empty if it is the present one; MISSING if it should not be there
   * @throws CorruptFileException if this vault itself was set back
   */
  public synchronized Optional<FileFault> judge(String name, long generation)
      throws CorruptFileException {
    FileFault fault = generations.judge(name, generation);
    if (generation > generations.next()) {
      throw rolledBack(name, path(name), generation);
    }
    return Optional.ofNullable(fault);
  }

  // ---- the whole ----

  /**
   * Makes everything about the person unreadable, in this directory and in copies of it, by
   * destroying its key. The files themselves have yet to be deleted; until they are, they count as
   * deleted.
   */
  public synchronized void forget() throws IOException {
    KeyRing next = ring.next(random);
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

  /** Reads which files there are, and finishes to forget where a death of the process cut in. */
  private void openHead() throws IOException {
    Path path = path(HEAD);
    Optional<byte[]> bytes = bytes(path, SealedFile.bytesMax(HEAD_BYTES_MAX));
    if (!bytes.isPresent()) {
      throw new CorruptFileException(path, FileFault.MISSING, "is gone, though it was written");
    }
    SealedFile head =
        SealedFile.open(path, bytes.get(), this::key)
            .orElseThrow(
                () -> new CorruptFileException(path, FileFault.WRONG_KEY, "is of another key"));
    if (!head.name().equals(HEAD)) {
      throw new CorruptFileException(
          path, FileFault.SWAPPED, "holds what was written as " + head.name());
    }
    generations = Generations.fromBytes(head.content());
    if (head.generation() == ring.epoch() - 1) {
      forgetPerson();
    } else if (head.generation() != ring.epoch()) {
      throw new CorruptFileException(
          path,
          FileFault.ROLLED_BACK,
          "is of epoch " + head.generation() + ", the keys are of epoch " + ring.epoch());
    }
  }

  private void saveIfUnsaved() throws IOException {
    if (unsaved) {
      saveHead();
    }
  }

  private void saveHead() throws IOException {
    unsaved = true;
    SealedFile head = new SealedFile(HEAD, ring.epoch(), generations.toBytes());
    DurableFile.replace(path(HEAD), head.sealedWith(ring.app()));
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
