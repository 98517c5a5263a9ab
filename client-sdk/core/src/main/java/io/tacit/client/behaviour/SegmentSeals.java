package io.tacit.client.behaviour;

import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.FileFault;
import io.tacit.client.storage.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a vault knows of the segments of a store; nothing, for a store without encryption. Not
 * thread-safe.
 */
final class SegmentSeals {

  private final @Nullable Vault vault;
  private final Path directory;
  private final String part;

  /** Before the names of segments in the vault. */
  private final String prefix;

  private SegmentSeals(@Nullable Vault vault, Path directory, String part) {
    this.vault = vault;
    this.directory = directory;
    this.part = part;
    this.prefix = Vault.prefix(part);
  }

  /** For a store without encryption. */
  static SegmentSeals none(Path directory) {
    return new SegmentSeals(null, directory, "");
  }

  /**
   * For a store in a vault.
   *
   * @param part directory of the store in that of the vault, empty for that directory itself
   */
  static SegmentSeals of(Vault vault, String part) {
    return new SegmentSeals(vault, vault.path(part), part);
  }

  Path directory() {
    return directory;
  }

  /** For small files beside the segments. */
  DeviceStorage storage() throws IOException {
    return vault == null ? DeviceStorage.open(directory) : vault.storage(part);
  }

  /**
   * What the beginning of a segment's file says.
   *
   * @param seal with which it can be read, also if its header is damaged; not if it is refused
   * @param isDamaged whether the header has to be written anew
   * @param refused why the segment is left alone, null if it is not
   * @param isForgotten whether the segment only has not been deleted yet
   */
  record Head(
      SegmentSeal seal, boolean isDamaged, @Nullable FileFault refused, boolean isForgotten) {

    /** Whether the segment is what its name says. */
    boolean isIntact() {
      return !isDamaged && refused == null && !isForgotten;
    }
  }

  /** Bytes that {@link #head} looks at. */
  int headerBytes() {
    return vault == null ? SegmentFormat.HEADER_BYTES : SegmentFormat.SEALED_HEADER_BYTES;
  }

  /**
   * Looks at the beginning of a segment's file.
   *
   * @throws IOException if the vault has been set back
   */
  Head head(long number, byte[] file) throws IOException {
    return vault == null ? plainHead(number, file) : sealedHead(number, file, vault);
  }

  private static Head plainHead(long number, byte[] file) {
    SegmentSeal none = SegmentSeal.none(number);
    return switch (SegmentFormat.header(file)) {
      case CURRENT -> new Head(none, false, null, false);
      case SEALED -> refused(none, FileFault.ENCRYPTED);
      case OTHER_VERSION -> refused(none, FileFault.DAMAGED);
      case DAMAGED -> new Head(none, true, null, false);
    };
  }

  private Head sealedHead(long number, byte[] file, Vault from) throws IOException {
    String name = name(number);
    SegmentSeal expected = new SegmentSeal(number, from.generation(name), from.recordKey());
    switch (SegmentFormat.header(file)) {
      case CURRENT:
        return refused(expected, FileFault.NOT_ENCRYPTED);
      case OTHER_VERSION:
        return refused(expected, FileFault.DAMAGED);
      case DAMAGED:
        return new Head(expected, true, null, false);
      case SEALED:
    }
    ByteBuffer header = ByteBuffer.wrap(file, 8, 24);
    long key = header.getLong();
    long generation = header.getLong();
    if (from.isForgotten(key)) {
      return new Head(expected, false, null, true);
    } else if (key != from.recordKey().id()) {
      return refused(expected, FileFault.WRONG_KEY);
    } else if (header.getLong() != number) {
      return refused(expected, FileFault.SWAPPED);
    }
    Optional<FileFault> fault = from.judge(name, generation);
    return fault.isPresent()
        ? refused(expected, FileFault.ROLLED_BACK)
        : new Head(new SegmentSeal(number, generation, from.recordKey()), false, null, false);
  }

  private static Head refused(SegmentSeal seal, FileFault why) {
    return new Head(seal, false, why, false);
  }

  private String name(long number) {
    return prefix + SegmentDirectory.name(number);
  }

  /** For a segment whose file is going to be made. */
  SegmentSeal begin(long number) throws IOException {
    return vault == null
        ? SegmentSeal.none(number)
        : new SegmentSeal(number, vault.begin(name(number)), vault.recordKey());
  }

  /** For a file that is going to take the place of a segment's. */
  SegmentSeal replacing(long number) throws IOException {
    return vault == null
        ? SegmentSeal.none(number)
        : new SegmentSeal(number, vault.replacing(), vault.recordKey());
  }

  /** Remembers, soon, that the file of a segment is there. */
  void appeared(SegmentSeal seal) {
    if (vault != null) {
      vault.note(name(seal.number()), seal.generation(), 0);
    }
  }

  /** Remembers, durably, that the file of a segment holds so many records at least. */
  void holds(SegmentSeal seal, int records) throws IOException {
    if (vault != null) {
      vault.written(name(seal.number()), seal.generation(), records);
    }
  }

  /** How many records the file of a segment holds at least. */
  int recordsLeast(long number) {
    return vault == null ? 0 : vault.size(name(number));
  }

  /** The segments that must be there. */
  List<Long> required() {
    List<Long> numbers = new ArrayList<>();
    if (vault != null) {
      for (String name : vault.required(prefix + SegmentDirectory.PREFIX)) {
        numbers.add(Long.parseLong(name.substring(name.lastIndexOf('-') + 1)));
      }
    }
    return numbers;
  }

  /** Remembers that a segment is going to be deleted. */
  void dropped(long number) throws IOException {
    if (vault != null) {
      vault.forgetName(name(number));
    }
  }

  /** Remembers that all segments are deleted. */
  void erased() throws IOException {
    if (vault != null) {
      vault.forgetNames(prefix + SegmentDirectory.PREFIX);
    }
  }
}
