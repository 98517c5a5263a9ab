package io.tacit.client.behaviour;

import io.tacit.client.behaviour.IntegrityReport.Findings;
import io.tacit.client.storage.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The files of a store. Segments are {@code events-} and twelve digits; a replacement that is being
 * written has a dot before its name. While everything is being erased, one of them is called {@code
 * erasing}.
 */
final class SegmentDirectory {

  /** Largest segment, which is read into memory as a whole. */
  static final int SEGMENT_BYTES_MAX = 1 << 20;

  static final String PREFIX = "events-";
  private static final String ZEROS = "000000000000";
  private static final String ERASING = "erasing";
  private static final String TEMPORARY = ".tmp";

  private final Path directory;
  private final SegmentSeals seals;
  private final FileLayer files;

  SegmentDirectory(SegmentSeals seals, FileLayer files) {
    this.directory = seals.directory();
    this.seals = seals;
    this.files = files;
  }

  SegmentSeals seals() {
    return seals;
  }

  /** The name of a segment's file. */
  static String name(long number) {
    String digits = String.valueOf(number);
    // Here and below: formatters, regular expressions and streams would be a fifth of a start.
    return PREFIX + ZEROS.substring(digits.length()) + digits;
  }

  Path file(long number) {
    return directory.resolve(name(number));
  }

  /** Opens the file of a segment to write to it, making it if it is missing. */
  FileChannel openToWrite(long number) throws IOException {
    return files.open(file(number), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Finishes what a process that died was at, and says which segments there are, in order. */
  List<Long> recover() throws IOException {
    List<String> names = names();
    if (names.contains(ERASING)) {
      erase();
      return List.of();
    }
    List<Long> numbers = new ArrayList<>(names.size());
    for (String name : names) {
      if (isTemporary(name)) {
        Files.delete(directory.resolve(name));
      } else {
        numbers.add(Long.parseLong(name.substring(PREFIX.length())));
      }
    }
    Collections.sort(numbers);
    return numbers;
  }

  /** The names of all files that can hold an event, in no order. */
  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path file : all) {
        String name = String.valueOf(file.getFileName());
        if (isSegment(name) || isTemporary(name) || name.equals(ERASING)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static boolean isSegment(String name) {
    if (!name.startsWith(PREFIX) || name.length() != PREFIX.length() + ZEROS.length()) {
      return false;
    }
    for (int i = PREFIX.length(); i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** A replacement of a segment that is being written. */
  private static boolean isTemporary(String name) {
    return name.startsWith(".")
        && name.endsWith(TEMPORARY)
        && isSegment(name.substring(1, name.length() - TEMPORARY.length()));
  }

  /** The bytes of a segment; what is beyond any segment's length is left out and noted. */
  byte[] read(long number, long bytesWanted, Findings findings) throws IOException {
    // A segment of one large record is longer than the limit.
    long bytesMax = SEGMENT_BYTES_MAX + EventCodec.BYTES_MAX;
    try (FileChannel channel = files.open(file(number), StandardOpenOption.READ)) {
      long size = Math.min(channel.size(), bytesWanted);
      if (size > bytesMax) {
        findings.damaged(name(number), bytesMax, size - bytesMax, 0);
      }
      return DurableFile.readFully(channel, 0, (int) Math.min(size, bytesMax));
    }
  }

  /** What the end mark of a segment says; empty if it has to be read as a whole. */
  Optional<Segment> index(long number) throws IOException {
    try (FileChannel channel = files.open(file(number), StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < seals.headerBytes()) {
        return Optional.empty();
      }
      SegmentSeal seal = seals.read(number, DurableFile.readFully(channel, 0, seals.headerBytes()));
      int endBytes = SegmentFormat.END_BYTES + seal.overheadBytes();
      if (seal.fault() != null || size < seals.headerBytes() + endBytes) {
        return Optional.empty();
      }
      byte[] end = DurableFile.readFully(channel, size - endBytes, endBytes);
      return SegmentFormat.index(seal, size, end);
    }
  }

  /** Replaces a segment by these bytes, durably. */
  void replace(long number, byte[] bytes) throws IOException {
    DurableFile.replace(file(number), ByteBuffer.wrap(bytes));
  }

  void drop(long number) throws IOException {
    seals.dropped(name(number));
    Files.deleteIfExists(file(number));
  }

  /** Waits until a segment is on the disk. */
  void sync(long number) throws IOException {
    try (FileChannel channel = files.open(file(number), StandardOpenOption.WRITE)) {
      channel.force(false);
    }
  }

  /** Waits until it is on the disk which files there are. */
  void syncNames() throws IOException {
    DurableFile.syncDirectory(directory.resolve(ERASING));
  }

  /**
   * Deletes every file that can hold an event.
   *
   * <p>It begins by a rename, which needs no room on a full disk: who opens a store that has such a
   * file goes on with the deletion.
   *
   * @return files and bytes; it knows of no events
   */
  Erasure erase() throws IOException {
    List<String> names = names();
    if (names.isEmpty()) {
      return Erasure.of(0, 0, 0);
    }
    long bytes = 0;
    for (String name : names) {
      bytes += Files.size(directory.resolve(name));
    }
    if (!names.contains(ERASING)) {
      Files.move(
          directory.resolve(names.get(0)),
          directory.resolve(ERASING),
          StandardCopyOption.ATOMIC_MOVE);
      syncNames();
    }
    for (String name : names) {
      if (!name.equals(ERASING)) {
        Files.deleteIfExists(directory.resolve(name));
      }
    }
    seals.dropped(PREFIX);
    // Last: it must be there as long as another is.
    Files.deleteIfExists(directory.resolve(ERASING));
    syncNames();
    List<String> left = names();
    if (!left.isEmpty()) {
      throw new IOException(
          left.size()
              + " files of "
              + directory
              + " came back while they were deleted; end the other process that writes them and"
              + " forget again");
    }
    return Erasure.of(0, names.size(), bytes);
  }
}
