package io.tacit.client;

import io.tacit.client.keys.KeyStoreProvider;
import io.tacit.client.recommend.ModelStore;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.Vault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Opens the keys and reads the model on a thread of its own while the client is built and its
 * events are opened: both together are a cold start, each takes about half of it, and most devices
 * have more than one core.
 *
 * <p>Without keys it only reads, as it does not wait for the lock of the client's directory. A
 * client of another process that closes within these milliseconds may leave a newer model, which is
 * then fetched again.
 */
final class StateReading {

  private static final String STATE = "state";

  private final Path directory;
  private final FutureTask<Optional<Vault>> opening;
  private final FutureTask<State> reading = new FutureTask<>(this::read);

  /**
   * What a client keeps besides events.
   *
   * @param storage of small files
   * @param models in it, and what was wrong with them
   */
  record State(DeviceStorage storage, ModelStore.Opened models) {}

  private StateReading(ClientSettings settings) {
    this.directory = settings.directory();
    this.opening = new FutureTask<>(() -> openVault(settings));
  }

  /** Begins to read; returns at once. */
  static StateReading begin(ClientSettings settings) {
    StateReading begun = new StateReading(settings);
    Thread thread = new Thread(begun::run, "tacit-start");
    thread.setDaemon(true);
    thread.start();
    return begun;
  }

  private void run() {
    opening.run();
    reading.run();
  }

  private static Optional<Vault> openVault(ClientSettings settings) throws IOException {
    Path directory = settings.directory();
    KeyStoreProvider keys = settings.storage().keyStoreFor(directory);
    if (keys == null) {
      Vault.requireNone(directory);
      return Optional.empty();
    }
    return Optional.of(Vault.open(directory, keys, ClientFiles.IMPERSONAL, new SecureRandom()));
  }

  private State read() throws IOException {
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
   * Waits for the keys.
   *
   * @return empty if nothing is encrypted; to be closed by the caller
   * @throws IOException if they do not open, or do not belong to the files
   */
  Optional<Vault> vault() throws IOException {
    try {
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
