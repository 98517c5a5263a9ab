package io.tacit.simulation.population;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.BehaviourStore;
import io.tacit.client.behaviour.Erasure;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.IntegrityReport;
import io.tacit.client.behaviour.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * A device's behaviour store, open for the time of each call only: ten thousand idle devices hold
 * no file and no segment in memory. Keeps the latest 10 000 events, whatever their time. Safe for
 * use by threads.
 */
final class BriefBehaviourStore implements BehaviourStore {

  private final Path directory;

  /** The store in a directory of its own, which is made when it is first used. */
  BriefBehaviourStore(Path directory) {
    this.directory = directory;
  }

  private interface Use<T> {
    T with(FileBehaviourStore store) throws IOException;
  }

  private synchronized <T> T open(Use<T> use) throws IOException {
    // Age is not bounded, so the clock has no influence on a seeded run.
    try (FileBehaviourStore store =
        FileBehaviourStore.open(directory, Retention.defaults(), Clock.systemUTC())) {
      return use.with(store);
    }
  }

  @Override
  public void record(List<BehaviourEvent> events) throws IOException {
    open(
        store -> {
          store.record(events);
          return store.count();
        });
  }

  @Override
  public void sync() throws IOException {
    open(
        store -> {
          store.sync();
          return store.count();
        });
  }

  @Override
  public IntegrityReport scan(Consumer<BehaviourEvent> visitor) throws IOException {
    return open(store -> store.scan(visitor));
  }

  @Override
  public List<BehaviourEvent> latest(int count) throws IOException {
    return open(store -> store.latest(count));
  }

  @Override
  public int count() throws IOException {
    return open(FileBehaviourStore::count);
  }

  @Override
  public Erasure forget() throws IOException {
    return open(FileBehaviourStore::forget);
  }
}
