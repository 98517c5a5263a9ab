package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.storage.DataKey;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.Vault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Reads the model on a thread of its own while the client is built, its keys and its events are
 * opened: both together are a cold start, each takes about half of it, and most devices have more
 * than one core. Until there are keys to read it with, that thread loads the platform's
 * cryptography, which takes longer than all else of opening them.
 *
 * <p>Without keys it only reads, as it does not wait for the lock of the client's directory. A
 * client of another process that closes within these milliseconds may leave a newer model, which is
 * then fetched again.
 *
 * <p>Begins without lambdas: the first one of a process takes 10 ms, and all else waits for this.
 */
final class StateReading implements Callable<StateReading.State> {

  private static final String STATE = "state";

  private final ClientSettings settings;
  private final Path directory;
  private final FutureTask<Optional<Vault>> opening = new FutureTask<>(new Opening());
  private final FutureTask<State> reading = new FutureTask<>(this);

  /**
   * What a client keeps besides events.
   *
   * @param storage of small files
   * @param models in it, and what was wrong with them
   */
  record State(DeviceStorage storage, ModelStore.Opened models) {}

  private StateReading(ClientSettings settings) {
    this.settings = settings;
    this.directory = settings.directory();
  }

  /** Begins to read; returns at once. */
  static StateReading begin(ClientSettings settings) {
    StateReading begun = new StateReading(settings);
    Thread thread = new Thread(begun.reading, "tacit-start");
    thread.setDaemon(true);
    thread.start();
    return begun;
  }

  /** Opens the keys, if there are any. */
  private final class Opening implements Callable<Optional<Vault>> {

    @Override
    public Optional<Vault> call() throws IOException {
      KeyStoreProvider keys = settings.storage().keyStoreFor(directory);
      if (keys == null) {
        Vault.requireNone(directory);
        return Optional.empty();
      }
      return Optional.of(Vault.open(directory, keys, ClientFiles.IMPERSONAL));
    }
  }

  /** On the thread of its own. */
  @Override
  public State call() throws IOException {
    if (settings.storage().isEncrypted()) {
      DataKey.load();
    }
    DeviceStorage storage = storage();
    ModelStore models = ModelStore.open(storage);
    return new State(storage, new ModelStore.Opened(models, Optional.empty(), Optional.empty()));
  }

  private DeviceStorage storage() throws IOException {
    Optional<Vault> vault = vault();
    return vault.isPresent()
        ? vault.get().storage(STATE)
        : DeviceStorage.open(directory.resolve(STATE));
  }

  /**
   * Opens the keys, or waits for who does.
   *
   * @return empty if nothing is encrypted; to be closed by the caller
   * @throws IOException if they do not open, or do not belong to the files
   */
  Optional<Vault> vault() throws IOException {
    try {
      opening.run();
      return opening.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("the keys of " + directory + " did not open", e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    }
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
      DeviceStorage storage = storage();
      return new State(storage, ModelStore.openOrReset(storage));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while " + directory + " was read");
  }
}
