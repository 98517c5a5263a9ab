package io.tacit.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The bytes of an encrypted file. Big-endian.
 *
 * <pre>
 * "TCTS", u8 version 1, 2 bytes 0, u8 length of the name, the name, i64 id of the data key,
 * i64 generation, i32 length n, u32 CRC-32 of all before,
 * n bytes: nonce, content in AES-256-GCM with all before the nonce as associated data, tag
 * </pre>
 *
 * <p>The checksum is there to tell accidents apart, the tag to refuse everything that was not
 * written so: who alters the clear part on purpose gets another reason, never a content.
 *
 * @param name of the file
 * @param generation of the file
 * @param content after decryption
 */
record SealedFile(String name, long generation, byte[] content) {

  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 8 + 8 + 8 + 4 + 4;
  private static final int NAME_BYTES_MAX = 255;

  /** Bytes of the largest file with such content. */
  static long bytesMax(long contentMax) {
    return FIXED_BYTES + NAME_BYTES_MAX + DataKey.OVERHEAD_BYTES + contentMax;
  }

  /** Finds the data key of an id. */
  interface Keys {

    /**
     * @throws CorruptFileException if there is none
     */
    Optional<DataKey> find(long id) throws CorruptFileException;
  }

  /** The file's bytes, one part behind the other. */
  ByteBuffer[] sealedWith(DataKey key) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(FIXED_BYTES + nameBytes.length);
    header.putInt(Vault.MAGIC).putInt(VERSION << 24 | nameBytes.length).put(nameBytes);
    header.putLong(key.id()).putLong(generation);
    header.putInt(content.length + DataKey.OVERHEAD_BYTES);
    header.putInt(crc(header.array(), header.position()));
    return new ByteBuffer[] {
      ByteBuffer.wrap(header.array()), ByteBuffer.wrap(key.seal(header.array(), content))
    };
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * Decrypts a file.
   *
   * @return empty if it belongs to a key whose files count as deleted
   * @throws CorruptFileException if it is not whole, of another key, or not as it was written
   */
  static Optional<SealedFile> open(Path path, byte[] bytes, Keys keys) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (bytes.length >= 4 && file.getInt(0) == DeviceStorage.MAGIC) {
      throw new CorruptFileException(
          path, FileFault.NOT_ENCRYPTED, "was written by a client without encryption");
    }
    requireLength(path, bytes, FIXED_BYTES);
    int nameLength = file.get(7) & 0xff;
    int headerLength = FIXED_BYTES + nameLength;
    if (file.getInt() != Vault.MAGIC || (file.getInt() & 0xffffff00) != VERSION << 24) {
      throw damaged(path);
    }
    requireLength(path, bytes, headerLength);
    if (file.getInt(headerLength - 4) != crc(bytes, headerLength - 4)) {
      throw damaged(path);
    }
    byte[] name = new byte[nameLength];
    file.get(name);
    Optional<DataKey> key = keys.find(file.getLong());
    if (!key.isPresent()) {
      return Optional.empty();
    }
    long generation = file.getLong();
    int length = file.getInt();
    requireLength(path, bytes, (long) headerLength + length);
    byte[] header = new byte[headerLength];
    System.arraycopy(bytes, 0, header, 0, headerLength);
    Optional<byte[]> content =
        bytes.length == (long) headerLength + length
            ? key.get().open(header, bytes, headerLength, length)
            : Optional.empty();
    if (!content.isPresent()) {
      throw damaged(path);
    }
    return Optional.of(
        new SealedFile(new String(name, StandardCharsets.UTF_8), generation, content.get()));
  }

  private static void requireLength(Path path, byte[] bytes, long least)
      throws CorruptFileException {
    if (bytes.length < least) {
      throw new CorruptFileException(
          path, FileFault.CUT_SHORT, "has " + bytes.length + " bytes, must have " + least);
    }
  }

  private static CorruptFileException damaged(Path path) {
    return new CorruptFileException(path, FileFault.DAMAGED, "is not as it was written");
  }
}
