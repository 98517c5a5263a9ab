package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Staged bytes in a file.
 *
 * <pre>
 *   0  u64  magic
 *   8  u64  announced bytes
 *  16  32   client id
 *  48  32   announced SHA-256
 *  80  u32  stage
 *  84  u32  CRC-32C of bytes 0 to 83
 *  88  ...  payload
 * </pre>
 *
 * All little-endian. Not synced: after a power cut a part of it may be missing or wrong, which the
 * SHA-256 in the client's status call shows. The file is opened for each chunk, so that streams
 * that broke off hold no file descriptors.
 */
final class StagedFile implements StagedBytes {

  private static final long MAGIC =
      ByteBuffer.wrap("TACITPUP".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int HEADER_BYTES = 88;
  private static final int CRC_AT = 84;

  private final FileLayer files;
  private final Path path;
  private final long totalBytes;

  private StagedFile(FileLayer files, Path path, long totalBytes) {
    this.files = files;
    this.path = path;
    this.totalBytes = totalBytes;
  }

  static StagedFile create(FileLayer files, Path directory, UploadIdentity upload)
      throws IOException {
    RecordKey key = upload.key();
    Path path = directory.resolve(key.client().toHex() + "-" + key.stage().number());
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putLong(upload.totalBytes());
    header.put(key.client().toBytes()).put(upload.sha256().toBytes()).putInt(key.stage().number());
    header.putInt(RecordHeader.crc(header.duplicate().flip()));
    try (FileChannel out =
        files.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      FileLayer.writeFully(out, header.flip(), 0);
    }
    return new StagedFile(files, path, upload.totalBytes());
  }

  /**
   * A file that an earlier process left.
   *
   * @param upload what its header says
   */
  record Found(UploadIdentity upload, StagedFile file) {}

  /** Reads the header; null if the file is of no use. */
  static @Nullable Found find(FileLayer files, Path path) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      if (in.size() < HEADER_BYTES) {
        return null;
      }
      FileLayer.readFully(in, header, 0);
      int headerCrc = RecordHeader.crc(header.duplicate().limit(CRC_AT));
      long totalBytes = header.getLong(8);
      if (header.getLong() != MAGIC
          || header.getInt(CRC_AT) != headerCrc
          || in.size() - HEADER_BYTES > totalBytes) {
        return null;
      }
      byte[] client = new byte[ClientId.LENGTH];
      byte[] sha256 = new byte[ContentHash.LENGTH];
      header.position(16).get(client).get(sha256);
      RecordKey key = new RecordKey(ClientId.fromBytes(client), Stage.ofNumber(header.getInt()));
      return new Found(
          new UploadIdentity(key, totalBytes, ContentHash.fromDigest(sha256)),
          new StagedFile(files, path, totalBytes));
    }
  }

  @Override
  public boolean isInMemory() {
    return false;
  }

  @Override
  public void write(long offset, ByteBuffer chunk) throws IOException {
    try (FileChannel out = files.open(path, StandardOpenOption.WRITE)) {
      if (offset == 0) {
        out.truncate(HEADER_BYTES);
      }
      FileLayer.writeFully(out, chunk, HEADER_BYTES + offset);
    }
  }

  @Override
  public void read(long bytes, TileReader reader) throws IOException {
    ByteBuffer tile = ByteBuffer.allocate(SessionLog.TILE_BYTES);
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      for (long at = 0; at < bytes; at += tile.limit()) {
        tile.clear().limit((int) Math.min(tile.capacity(), bytes - at));
        FileLayer.readFully(in, tile, HEADER_BYTES + at);
        reader.accept(tile);
      }
    }
  }

  @Override
  public long size() throws IOException {
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      return in.size() - HEADER_BYTES;
    }
  }

  @Override
  public void copyTo(LogFile.Writer out) throws IOException {
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      out.copy(in, HEADER_BYTES, totalBytes);
    }
  }

  @Override
  public void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
