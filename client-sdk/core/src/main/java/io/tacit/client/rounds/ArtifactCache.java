package io.tacit.client.rounds;

import io.tacit.client.connection.ConnectionException;
import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Plans, catalogues and models by their hash, decoded, so that a device fetches each once and the
 * virtual devices of one process share them. The least recently used go first. Thread-safe; of
 * several threads that miss the same artifact, one fetches it.
 */
public final class ArtifactCache {

  private final long bytesMax;
  private final Store store;
  private final Map<ContentHash, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<ContentHash, Object> fetching = new ConcurrentHashMap<>();
  private long bytes;

  private record Entry(Object value, long bytes) {}

  /**
   * What a loader brings.
   *
   * @param value decoded, immutable
   * @param bytes size of its file
   */
  record Loaded<T>(T value, long bytes) {}

  /** Fetches and decodes an artifact; empty if the coordinator has it not. */
  @FunctionalInterface
  interface Loader<T> {
    Optional<Loaded<T>> load() throws ConnectionException, IOException;
  }

  /** Where the device has artifacts already, for other reasons than a round. */
  @FunctionalInterface
  public interface Store {

    /**
     * The bytes that hash to this.
     *
     * @return owned by the caller; empty if they are not here
     * @throws IOException if the device's storage fails
     */
    Optional<byte[]> find(ContentHash hash) throws IOException;
  }

  /**
   * @param bytesMax sum of the sizes of all files, positive; a larger artifact is passed through
   */
  public ArtifactCache(long bytesMax) {
    this(bytesMax, hash -> Optional.empty());
  }

  /**
   * @param bytesMax as above
   * @param store is asked before the coordinator
   */
  public ArtifactCache(long bytesMax, Store store) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException(
          "artifact cache has " + bytesMax + " bytes, must have at least 1; 256 MiB are usual");
    }
    this.bytesMax = bytesMax;
    this.store = store;
  }

  /** The bytes of an artifact that the device has stored. */
  Optional<byte[]> stored(ContentHash hash) throws IOException {
    return store.find(hash);
  }

  /** The artifact of a hash, from here or from the loader. */
  <T> Optional<T> get(ContentHash hash, Class<T> type, Loader<T> loader)
      throws ConnectionException, IOException {
    Optional<T> cached = find(hash, type);
    if (cached.isPresent()) {
      return cached;
    }
    synchronized (fetching.computeIfAbsent(hash, key -> new Object())) {
      try {
        cached = find(hash, type);
        return cached.isPresent() ? cached : load(hash, loader);
      } finally {
        fetching.remove(hash);
      }
    }
  }

  private <T> Optional<T> load(ContentHash hash, Loader<T> loader)
      throws ConnectionException, IOException {
    Optional<Loaded<T>> loaded = loader.load();
    loaded.ifPresent(artifact -> keep(hash, new Entry(artifact.value, artifact.bytes)));
    return loaded.map(Loaded::value);
  }

  private synchronized <T> Optional<T> find(ContentHash hash, Class<T> type) {
    Entry entry = entries.get(hash);
    return entry != null && type.isInstance(entry.value)
        ? Optional.of(type.cast(entry.value))
        : Optional.empty();
  }

  private synchronized void keep(ContentHash hash, Entry entry) {
    if (entry.bytes > bytesMax) {
      return;
    }
    Entry earlier = entries.put(hash, entry);
    bytes += entry.bytes - (earlier == null ? 0 : earlier.bytes);
    while (bytes > bytesMax) {
      ContentHash eldest = entries.keySet().iterator().next();
      Entry removed = entries.remove(eldest);
      bytes -= removed == null ? 0 : removed.bytes;
    }
  }
}
