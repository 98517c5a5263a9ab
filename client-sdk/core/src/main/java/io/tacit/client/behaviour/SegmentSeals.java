package io.tacit.client.behaviour;

import io.tacit.client.storage.DataKey;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.FileFault;
import io.tacit.client.storage.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a vault knows of the segments of a store; nothing, for a store without encryption. Not
 * thread-safe.
 */
final class SegmentSeals {

  private final @Nullable Vault vault;
  private final Path directory;
  private final String part;

  private SegmentSeals(@Nullable Vault vault, Path directory, String part) {
    this.vault = vault;
    this.directory = directory;
    this.part = part;
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
   * What the beginning of a segment's file says of it.
   *
   * @throws IOException if the vault has been set back
   */
  SegmentSeal read(long number, byte[] file) throws IOException {
    SegmentFormat.Header header = SegmentFormat.header(file);
    if (vault == null) {
      SegmentSeal plain = new SegmentSeal(number, 0, null, null);
      return header == SegmentFormat.Header.CURRENT ? plain : plain.with(fault(header));
    }
    DataKey key = vault.recordKey();
    if (header != SegmentFormat.Header.SEALED) {
      // Damage costs the header alone: the vault knows what it said.
      return new SegmentSeal(number, vault.generation(name(number)), key, fault(header));
    }
    ByteBuffer fields = ByteBuffer.wrap(file, 8, 24);
    long keyId = fields.getLong();
    long generation = fields.getLong();
    FileFault fault;
    if (vault.isForgotten(keyId)) {
      fault = FileFault.MISSING;
    } else if (keyId != key.id()) {
      fault = FileFault.WRONG_KEY;
    } else if (fields.getLong() != number) {
      fault = FileFault.SWAPPED;
    } else {
      // A segment that was dropped before is older than its vault too.
      fault = vault.judge(name(number), generation) == null ? null : FileFault.ROLLED_BACK;
    }
    return new SegmentSeal(number, generation, key, fault);
  }

  private FileFault fault(SegmentFormat.Header header) {
    if (header == SegmentFormat.Header.DAMAGED) {
      return FileFault.DAMAGED;
    } else if (header == SegmentFormat.Header.OTHER_VERSION) {
      return FileFault.OTHER_VERSION;
    }
    return vault == null ? FileFault.ENCRYPTED : FileFault.NOT_ENCRYPTED;
  }

  /** Bytes that {@link #read} looks at. */
  int headerBytes() {
    return vault == null ? SegmentFormat.HEADER_BYTES : SegmentFormat.SEALED_HEADER_BYTES;
  }

  private String name(long number) {
    return Vault.prefix(part) + SegmentDirectory.name(number);
  }

  /** For a segment whose file is going to be made. */
  SegmentSeal begin(long number) throws IOException {
    return vault == null
        ? new SegmentSeal(number, 0, null, null)
        : new SegmentSeal(number, vault.begin(name(number)), vault.recordKey(), null);
  }

  /** For a file that is going to take the place of a segment's. */
  SegmentSeal replacing(long number) throws IOException {
    return vault == null
        ? new SegmentSeal(number, 0, null, null)
        : new SegmentSeal(number, vault.nextGeneration(), vault.recordKey(), null);
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

  /** How many records the file of a segment holds at least; negative if it may be missing. */
  int recordsLeast(long number) {
    return vault == null ? -1 : vault.size(name(number));
  }

  /** The names of the segments that are known, which may be missing. */
  List<String> names() {
    return vault == null ? List.of() : vault.names(Vault.prefix(part) + SegmentDirectory.PREFIX);
  }

  /** Remembers that segments are going to be deleted, all whose names begin so. */
  void dropped(String prefix) throws IOException {
    if (vault != null) {
      vault.forgetNames(Vault.prefix(part) + prefix);
    }
  }
}
