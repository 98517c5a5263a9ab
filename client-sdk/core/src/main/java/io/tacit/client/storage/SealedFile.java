package io.tacit.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A whole file that is encrypted. Big-endian.
 *
 * <pre>
 * "TCTS", u8 version 1, 2 bytes 0, u8 length of the name, i64 id of the key, i64 generation,
 * i32 length n, the name, u32 CRC-32 of all before,
 * n bytes: nonce, content in AES-256-GCM with all before the nonce as associated data, tag
 * </pre>
 *
 * <p>The checksum is there to tell accidents apart, the tag to refuse everything that was not
 * written so: who alters the clear part on purpose gets another reason, never a content.
 */
final class SealedFile {

  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 28;
  private static final int NAME_BYTES_MAX = 255;

  private final Path path;
  private final byte[] bytes;
  private final ByteBuffer file;
  private final int headerBytes;

  /**
   * @throws CorruptFileException if the clear part is not as it was written
   */
  private SealedFile(Path path, byte[] bytes) throws CorruptFileException {
    this.path = path;
    this.bytes = bytes;
    this.file = ByteBuffer.wrap(bytes);
    require(bytes.length >= 4, FileFault.CUT_SHORT);
    require(file.getInt() != DeviceStorage.MAGIC, FileFault.NOT_ENCRYPTED);
    require(bytes.length >= FIXED_BYTES + 4, FileFault.CUT_SHORT);
    int version = file.getInt();
    this.headerBytes = FIXED_BYTES + (version & 0xff) + 4;
    require(file.getInt(0) == Vault.MAGIC && version >> 8 == VERSION << 16, FileFault.DAMAGED);
    require(bytes.length >= headerBytes, FileFault.CUT_SHORT);
    require(file.getInt(headerBytes - 4) == crc(bytes, headerBytes - 4), FileFault.DAMAGED);
    require(bytes.length >= (long) headerBytes + file.getInt(24), FileFault.CUT_SHORT);
  }

  private void require(boolean condition, FileFault otherwise) throws CorruptFileException {
    if (!condition) {
      throw new CorruptFileException(path, otherwise);
    }
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * Reads a file.
   *
   * @param contentMax bytes of its content, checked before memory is taken
   * @return null if it is not there
   * @throws CorruptFileException if it is not whole
   */
  static @Nullable SealedFile read(Path path, int contentMax) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long bytesMax = FIXED_BYTES + NAME_BYTES_MAX + 4L + DataKey.OVERHEAD_BYTES + contentMax;
      if (channel.size() > bytesMax) {
        throw new CorruptFileException(path, FileFault.DAMAGED);
      }
      return new SealedFile(path, DurableFile.readFully(channel, 0, (int) channel.size()));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Id of the key that it was written with. */
  long keyId() {
    return file.getLong(8);
  }

  /** That it was written with. */
  long generation() {
    return file.getLong(16);
  }

  /**
   * Decrypts.
   *
   * @param name that it must have been written as
   * @throws CorruptFileException if it is not as it was written with this key
   */
  byte[] content(DataKey key, String name) throws CorruptFileException {
    byte[] header = new byte[headerBytes];
    System.arraycopy(bytes, 0, header, 0, headerBytes);
    require(bytes.length == headerBytes + file.getInt(24), FileFault.DAMAGED);
    byte[] content =
        key.open(header, bytes, headerBytes, bytes.length - headerBytes)
            .orElseThrow(() -> new CorruptFileException(path, FileFault.DAMAGED));
    String written =
        new String(bytes, FIXED_BYTES, headerBytes - FIXED_BYTES - 4, StandardCharsets.UTF_8);
    require(written.equals(name), FileFault.SWAPPED);
    return content;
  }

  /** Replaces a file. */
  static void write(Path path, String name, DataKey key, long generation, byte[] content)
      throws IOException {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(FIXED_BYTES + nameBytes.length + 4);
    header.putInt(Vault.MAGIC).putInt(VERSION << 24 | nameBytes.length);
    header.putLong(key.id()).putLong(generation);
    header.putInt(content.length + DataKey.OVERHEAD_BYTES).put(nameBytes);
    header.putInt(crc(header.array(), header.position()));
    byte[] sealed = key.seal(header.array(), content);
    DurableFile.replace(path, ByteBuffer.wrap(header.array()), ByteBuffer.wrap(sealed));
  }
}
