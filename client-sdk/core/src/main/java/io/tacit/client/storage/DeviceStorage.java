package io.tacit.client.storage;

import io.tacit.protocol.Names;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A directory of small files that belong to one device.
 *
 * <p>Guarantee: a file holds what was last written or what was before, whole; when {@link #write}
 * returns, it is on disk; damage is noticed. Files are for their owner only, where the file system
 * can express that. Holds no open files. Safe for use by threads, but see {@link #exclusively}.
 *
 * <p>The files of a {@link Vault} are encrypted. File format without one: magic {@code "TCTF"}, u32
 * CRC-32 of the content, the content. Big-endian.
 */
public final class DeviceStorage {

  static final int MAGIC = 'T' << 24 | 'C' << 16 | 'T' << 8 | 'F';
  private static final int HEADER_BYTES = 8;
  private static final String LOCK = ".lock";

  /** Characters of a file's name; a plan id with a prefix must fit. */
  private static final int NAME_LENGTH_MAX = 100;

  private final Path directory;
  private final @Nullable Vault vault;

  /** Before the names of its files in the vault. */
  private final String prefix;

  private DeviceStorage(Path directory, @Nullable Vault vault, String prefix) {
    this.directory = directory;
    this.vault = vault;
    this.prefix = prefix;
  }

  /** A storage without encryption in a directory, which is made if it is missing. */
  public static DeviceStorage open(Path directory) throws IOException {
    return open(directory, null, "");
  }

  static DeviceStorage open(Path directory, @Nullable Vault vault, String prefix)
      throws IOException {
    DurableFile.createDirectories(directory);
    return new DeviceStorage(directory, vault, prefix);
  }

  /**
   * Where a file is.
   *
   * @throws IllegalArgumentException if the name could lead out of the directory
   */
  public Path file(String name) {
    if (!Names.isName(name, NAME_LENGTH_MAX)) {
      throw new IllegalArgumentException(
          "file name is \""
              + name
              + "\", must be 1 to "
              + NAME_LENGTH_MAX
              + " characters of a-z 0-9 - . _");
    }
    return directory.resolve(name);
  }

  /**
   * Reads a file.
   *
   * @param bytesMax largest content that is accepted, checked before memory is taken
   * @return empty if there is no such file
   * @throws CorruptFileException if it is damaged or larger, or in a vault anything but the file
   *     that was written last
   */
  public Optional<byte[]> read(String name, int bytesMax) throws IOException {
    Path file = file(name);
    if (vault != null) {
      return vault.read(prefix + name, bytesMax);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size() - HEADER_BYTES;
      if (size < 0 || size > bytesMax) {
        throw new CorruptFileException(
            file, "has " + channel.size() + " bytes, must have 8 to " + (HEADER_BYTES + bytesMax));
      }
      ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + (int) size);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Reads until the buffer is full or the file has ended.
      }
      ((Buffer) buffer).flip();
      return Optional.of(content(file, buffer, (int) size));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static byte[] content(Path file, ByteBuffer buffer, int size)
      throws CorruptFileException {
    boolean whole = buffer.remaining() == HEADER_BYTES + size;
    if (whole && buffer.getInt(0) == Vault.MAGIC) {
      throw new CorruptFileException(file, FileFault.ENCRYPTED);
    }
    if (!whole || buffer.getInt() != MAGIC) {
      throw new CorruptFileException(file, "does not begin with TCTF");
    }
    int crc = buffer.getInt();
    byte[] content = new byte[size];
    buffer.get(content);
    if (crc != crcOf(content)) {
      throw new CorruptFileException(file, "does not match its checksum");
    }
    return content;
  }

  /** Names of all files, in no order; in a vault also of those that should be there and are not. */
  public Set<String> names() throws IOException {
    Set<String> names = new HashSet<>();
    if (vault != null) {
      for (String known : vault.names(prefix)) {
        String name = known.substring(prefix.length());
        if (Names.isName(name, NAME_LENGTH_MAX)) {
          names.add(name);
        }
      }
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (Names.isName(name, NAME_LENGTH_MAX)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** Whether there is a file of this name. */
  public boolean contains(String name) {
    return vault == null ? Files.exists(file(name)) : vault.contains(prefix + name);
  }

  /** Replaces a file, atomically and durably. */
  public void write(String name, byte[] content) throws IOException {
    Path file = file(name);
    if (vault != null) {
      vault.write(prefix + name, content);
      return;
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putInt(crcOf(content));
    ((Buffer) header).flip();
    DurableFile.replace(file, header, ByteBuffer.wrap(content));
  }

  /** Deletes a file durably, if it is there. */
  public void delete(String name) throws IOException {
    if (vault != null) {
      vault.delete(prefix + name);
    } else if (Files.deleteIfExists(file(name))) {
      DurableFile.syncDirectory(file(name));
    }
  }

  /**
   * Runs an action that reads and then writes, with nobody else doing so in between. Threads of
   * this object wait for each other.
   *
   * @throws InUseException if another process or object is at it; nothing was done
   */
  public synchronized <T> T exclusively(Action<T> action) throws IOException {
    try (ExclusiveLock lock = ExclusiveLock.acquire(directory.resolve(LOCK))) {
      return action.run();
    }
  }

  /** What runs {@link #exclusively}. */
  @FunctionalInterface
  public interface Action<T> {

    /** Does it. */
    T run() throws IOException;
  }

  private static int crcOf(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content, 0, content.length);
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return "DeviceStorage[" + directory + "]";
  }
}
