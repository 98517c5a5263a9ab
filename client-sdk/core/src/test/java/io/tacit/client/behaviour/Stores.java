package io.tacit.client.behaviour;

import io.tacit.client.keys.FileKeys;
import io.tacit.client.storage.DurableFile;
import io.tacit.client.storage.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stores and events for tests. */
final class Stores {

  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  static final Clock AT_NOON = Clock.fixed(NOON, ZoneOffset.UTC);

  /** Whether stores are encrypted; a test class that sets it sets it back. */
  static boolean encrypted = Boolean.getBoolean("tacit.test.encrypted");

  /** Beside the segments of an encrypted store. */
  private static final Set<String> OF_VAULT = Set.of("keys", "head", ".keys.lock");

  private static final Map<Path, Vault> VAULTS = new HashMap<>();
  private static final Map<Path, byte[]> HEADS = new HashMap<>();

  private Stores() {}

  static FileBehaviourStore open(Path directory) throws IOException {
    return open(directory, Retention.defaults(), AT_NOON);
  }

  static FileBehaviourStore open(Path directory, Retention retention, Clock clock)
      throws IOException {
    return FileBehaviourStore.open(
        seals(directory), SegmentLimits.of(retention), clock, DurableFile::open);
  }

  /** As the files of a client are sealed, with the vault in the directory of the segments. */
  static SegmentSeals seals(Path directory) throws IOException {
    if (!encrypted) {
      return SegmentSeals.none(directory);
    }
    Vault last = VAULTS.get(directory);
    if (last != null) {
      last.close();
    }
    Vault vault =
        Vault.open(
            directory,
            new FileKeys(directory.resolveSibling(directory.getFileName() + "-keys")),
            List.of());
    VAULTS.put(directory, vault);
    return SegmentSeals.of(vault, "");
  }

  /** Lets another process open the store of a directory, as closing the client does. */
  static void leave(Path directory) throws IOException {
    if (encrypted) {
      Objects.requireNonNull(VAULTS.get(directory)).close();
    }
  }

  /** A store whose segments hold few events. */
  static FileBehaviourStore openSmall(Path directory, Retention retention, Clock clock)
      throws IOException {
    return openSmall(directory, retention, clock, DurableFile::open);
  }

  static FileBehaviourStore openSmall(
      Path directory, Retention retention, Clock clock, FileLayer files) throws IOException {
    SegmentLimits limits = SegmentLimits.of(retention, encrypted ? 364 : 200);
    return FileBehaviourStore.open(seals(directory), limits, clock, files);
  }

  static FileBehaviourStore openSmall(Path directory) throws IOException {
    return openSmall(directory, Retention.defaults(), AT_NOON);
  }

  /** All that a new process would read from a directory. */
  static List<BehaviourEvent> read(Path directory) throws IOException {
    try (FileBehaviourStore store = open(directory)) {
      return store.events();
    }
  }

  /** Clicks on item-100, item-101 ..., a second apart. */
  static List<BehaviourEvent> clicks(int count) {
    return clicks(count, NOON);
  }

  static List<BehaviourEvent> clicks(int count, Instant from) {
    List<BehaviourEvent> clicks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clicks.add(BehaviourEvent.click("item-" + (100 + i), from.plusSeconds(i)));
    }
    return clicks;
  }

  /** Where the records of a segment are: first byte, and the byte behind. */
  static List<int[]> records(byte[] segment) {
    List<int[]> records = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    int at = encrypted ? SegmentFormat.SEALED_HEADER_BYTES : SegmentFormat.HEADER_BYTES;
    while (at < segment.length && bytes.getInt(at) != SegmentFormat.END_ORDINAL) {
      int end = at + SegmentFormat.FRAME_BYTES + bytes.getInt(at + 4);
      records.add(new int[] {at, end});
      at = end;
    }
    return records;
  }

  /** The content of all files of a directory but the lock, which is not to be touched. */
  static Map<String, byte[]> files(Path directory) throws IOException {
    Path head = directory.resolve("head");
    if (Files.exists(head)) {
      HEADS.put(directory, Files.readAllBytes(head));
    }
    return contents(directory);
  }

  private static Map<String, byte[]> contents(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.endsWith(".behaviour.lock"))
          .filter(file -> !OF_VAULT.contains(file.getFileName().toString()))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString(),
                  file -> {
                    try {
                      return Files.readAllBytes(file);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  },
                  (one, other) -> one,
                  TreeMap::new));
    }
  }

  /**
   * Makes a directory's files, but the lock, these, and what the vault knows of them what it was
   * when they were looked at.
   */
  static void restore(Path directory, Map<String, byte[]> files) throws IOException {
    for (String name : contents(directory).keySet()) {
      Files.delete(directory.resolve(name));
    }
    if (HEADS.containsKey(directory)) {
      Files.write(directory.resolve("head"), HEADS.get(directory));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }
}
