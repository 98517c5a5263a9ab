package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The file with the latest checkpoint of a session: replaced as a whole, never changed.
 *
 * <pre>
 *   0  u64  magic
 *   8  u64  offset
 *  16  u32  lanes
 *  20  u32  members
 *  24  32 each  client ids, then the lanes, 4 each
 *  ..  u32  CRC-32C of everything before
 * </pre>
 *
 * All little-endian. It holds nothing that the log does not, so a damaged one only costs time.
 */
final class CheckpointFile {

  private static final long MAGIC =
      ByteBuffer.wrap("TACITSUM".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int HEADER_BYTES = 24;
  private static final int CRC_BYTES = 4;

  private final FileLayer files;
  private final Path directory;
  private final Path path;

  CheckpointFile(FileLayer files, Path sessionDirectory) {
    this.files = files;
    this.directory = sessionDirectory;
    this.path = sessionDirectory.resolve("checkpoint");
  }

  Path path() {
    return path;
  }

  void save(Checkpoint checkpoint) throws IOException {
    Path fresh = directory.resolve("checkpoint.new");
    try (FileChannel out =
        files.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      Output output = new Output(out);
      output.room(HEADER_BYTES).putLong(MAGIC).putLong(checkpoint.offset());
      output.room(8).putInt(checkpoint.sum().length).putInt(checkpoint.members().size());
      for (ClientId member : checkpoint.members()) {
        output.room(ClientId.LENGTH).put(member.toBytes());
      }
      for (int lane : checkpoint.sum()) {
        output.room(Integer.BYTES).putInt(lane);
      }
      output.finish();
      out.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    FileLayer.syncDirectory(directory);
  }

  /** Empty if there is none, or only a damaged one. */
  Optional<Checkpoint> load() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try (FileChannel in = files.open(path, StandardOpenOption.READ)) {
      long size = in.size();
      if (size < HEADER_BYTES + CRC_BYTES) {
        return Optional.empty();
      }
      Input input = new Input(in, size - CRC_BYTES);
      ByteBuffer header = input.next(HEADER_BYTES);
      long magic = header.getLong();
      long offset = header.getLong();
      int lanes = header.getInt();
      int memberCount = header.getInt();
      // Before anything is allocated: the counts must be those of a file of this size.
      if (magic != MAGIC
          || lanes < 0
          || memberCount < 0
          || size
              != HEADER_BYTES
                  + (long) ClientId.LENGTH * memberCount
                  + (long) Integer.BYTES * lanes
                  + CRC_BYTES) {
        return Optional.empty();
      }
      Set<ClientId> members = new LinkedHashSet<>();
      byte[] member = new byte[ClientId.LENGTH];
      for (int i = 0; i < memberCount; i++) {
        input.next(ClientId.LENGTH).get(member);
        members.add(ClientId.fromBytes(member));
      }
      int[] sum = new int[lanes];
      for (int i = 0; i < lanes; i++) {
        sum[i] = input.next(Integer.BYTES).getInt();
      }
      return input.crcMatches()
          ? Optional.of(new Checkpoint(sum, members, offset))
          : Optional.empty();
    }
  }

  private static ByteBuffer newTile() {
    return ByteBuffer.allocate(64 * 1024).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static final class Output {

    private final FileChannel out;
    private final ByteBuffer tile = newTile();
    private final CRC32C crc = new CRC32C();
    private long position;

    Output(FileChannel out) {
      this.out = out;
    }

    /** The buffer, with room for so many bytes. */
    ByteBuffer room(int bytes) throws IOException {
      if (tile.remaining() < bytes) {
        flush();
      }
      return tile;
    }

    void finish() throws IOException {
      flush();
      tile.putInt((int) crc.getValue());
      position = FileLayer.writeFully(out, tile.flip(), position);
    }

    private void flush() throws IOException {
      crc.update(tile.flip());
      position = FileLayer.writeFully(out, tile.rewind(), position);
      tile.clear();
    }
  }

  private static final class Input {

    private final FileChannel in;
    private final long end;
    private final ByteBuffer tile = newTile().limit(0);
    private final CRC32C crc = new CRC32C();
    private long position;

    Input(FileChannel in, long end) {
      this.in = in;
      this.end = end;
    }

    /** The buffer, with so many bytes remaining in it. */
    ByteBuffer next(int bytes) throws IOException {
      if (tile.remaining() < bytes) {
        int kept = tile.remaining();
        tile.compact().limit((int) Math.min(tile.capacity(), kept + end - position));
        int start = tile.position();
        int read = tile.remaining();
        FileLayer.readFully(in, tile, position);
        position += read;
        crc.update(tile.duplicate().position(start));
      }
      return tile;
    }

    boolean crcMatches() throws IOException {
      ByteBuffer stored = ByteBuffer.allocate(CRC_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      FileLayer.readFully(in, stored, end);
      return stored.getInt() == (int) crc.getValue();
    }
  }
}
