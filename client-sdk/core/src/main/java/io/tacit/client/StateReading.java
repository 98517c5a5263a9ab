package io.tacit.client;

import io.tacit.client.recommend.ModelStore;
import io.tacit.client.storage.DeviceStorage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Reads the model on a thread of its own while the client is built and its events are opened: both
 * together are a cold start, each takes about half of it, and most devices have more than one core.
 *
 * <p>It only reads, as it does not wait for the lock of the client's directory. A client of another
 * process that closes within these milliseconds may leave a newer model, which is then fetched
 * again.
 */
final class StateReading implements Callable<StateReading.State> {

  private static final String STATE = "state";

  private final Path directory;
  private final FutureTask<State> reading = new FutureTask<>(this);

  /**
   * What a client keeps besides events.
   *
   * @param storage of small files
   * @param models in it
   */
  record State(DeviceStorage storage, ModelStore models) {}

  private StateReading(Path directory) {
    this.directory = directory;
  }

  /** Begins to read; returns at once. */
  static StateReading begin(Path directoryOfClient) {
    StateReading begun = new StateReading(directoryOfClient.resolve(STATE));
    Thread thread = new Thread(begun.reading, "tacit-start");
    thread.setDaemon(true);
    thread.start();
    return begun;
  }

  @Override
  public State call() throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    return new State(storage, ModelStore.open(storage));
  }

  /**
   * Waits for what was read. A model that is damaged is removed and fetched again, so the caller
   * must be alone with the directory.
   */
  State await() throws IOException {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      // Once more, on this thread: what can be mended is, and what can not is thrown from here.
      DeviceStorage storage = DeviceStorage.open(directory);
      return new State(storage, ModelStore.openOrReset(storage).store());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + directory + " was read");
    }
  }
}
