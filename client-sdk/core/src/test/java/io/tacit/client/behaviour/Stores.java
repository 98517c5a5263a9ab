package io.tacit.client.behaviour;

import io.tacit.client.storage.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stores and events for tests. */
final class Stores {

  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  static final Clock AT_NOON = Clock.fixed(NOON, ZoneOffset.UTC);

  private Stores() {}

  static FileBehaviourStore open(Path directory) throws IOException {
    return FileBehaviourStore.open(directory, Retention.defaults(), AT_NOON);
  }

  /** A store whose segments hold few events. */
  static FileBehaviourStore openSmall(Path directory, Retention retention, Clock clock)
      throws IOException {
    return openSmall(directory, retention, clock, DurableFile::open);
  }

  static FileBehaviourStore openSmall(
      Path directory, Retention retention, Clock clock, FileLayer files) throws IOException {
    return FileBehaviourStore.open(directory, SegmentLimits.of(retention, 200), clock, files);
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

  /** The content of all files of a directory but the lock, which is not to be touched. */
  static Map<String, byte[]> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.endsWith(".behaviour.lock"))
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

  /** Makes a directory's files, but the lock, these. */
  static void restore(Path directory, Map<String, byte[]> files) throws IOException {
    for (String name : files(directory).keySet()) {
      Files.delete(directory.resolve(name));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }
}
