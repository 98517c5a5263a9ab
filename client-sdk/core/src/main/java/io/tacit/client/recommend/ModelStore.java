package io.tacit.client.recommend;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Internal;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model that a device recommends or predicts with, and what the app says of its items, in
 * memory and on disk.
 *
 * <p>Guarantee: content hashes and shape are checked before the swap, which is atomic in memory and
 * on disk; whatever goes wrong, what was there before stays. Works offline. Thread-safe; who reads
 * the model waits for nobody.
 */
@Internal
public final class ModelStore {

  /** Why there is no answer as long as nothing is installed. */
  static final String NO_MODEL =
      "no model is installed yet; take part in a round, or install one with the app";

  private final DeviceStorage storage;
  private final InstalledFiles files;
  private volatile State state;

  /**
   * What is installed; replaced as a whole.
   *
   * @param items that the app brought
   * @param model with these items in its assortment
   */
  private record State(Optional<ItemFile> items, Optional<InstalledModel> model) {

    static State of(Optional<ItemFile> items, Optional<InstalledModel> model) {
      State alone = new State(items, Optional.empty());
      return model.isPresent() ? alone.withModel(model.get()) : alone;
    }

    State withItems(ItemFile newItems) {
      return new State(Optional.of(newItems), model.map(old -> old.with(newItems)));
    }

    State withModel(InstalledModel newModel) {
      return new State(items, Optional.of(items.map(newModel::with).orElse(newModel)));
    }
  }

  /**
   * A store that was opened whatever state its files were in.
   *
   * @param store without what was damaged
   * @param modelDamage why there is no model any more; fetch it again
   * @param itemsDamage why there is no item file any more; install it again
   */
  public record Opened(
      ModelStore store, Optional<String> modelDamage, Optional<String> itemsDamage) {}

  /**
   * What was on disk.
   *
   * @param content empty also if it was damaged
   * @param damage what was wrong with it
   */
  private record Loaded<T>(Optional<T> content, Optional<String> damage) {

    /** Loads; what is damaged is removed instead. */
    static <T> Loaded<T> orRemoved(
        DeviceStorage.Action<Optional<T>> load, DeviceStorage.Action<Optional<T>> remove)
        throws IOException {
      try {
        return new Loaded<>(load.run(), Optional.empty());
      } catch (CorruptFileException e) {
        return new Loaded<>(remove.run(), Optional.of(String.valueOf(e.getMessage())));
      }
    }
  }

  private ModelStore(DeviceStorage storage, InstalledFiles files, State state) {
    this.storage = storage;
    this.files = files;
    this.state = state;
  }

  /**
   * Opens the store with the model and the item file that were installed last, if any.
   *
   * @throws CorruptFileException if its files are damaged; {@link #openOrReset} removes them
   */
  public static ModelStore open(DeviceStorage storage) throws IOException {
    InstalledFiles files = new InstalledFiles(storage);
    return new ModelStore(storage, files, State.of(files.loadItems(), files.loadModel()));
  }

  /**
   * Opens the store as {@link #open} does, but removes a damaged model or item file, so that an app
   * starts in any case: all of it can be fetched again.
   *
   * @throws IOException if the storage fails
   */
  public static Opened openOrReset(DeviceStorage storage) throws IOException {
    InstalledFiles files = new InstalledFiles(storage);
    Loaded<ItemFile> items =
        Loaded.orRemoved(files::loadItems, () -> storage.exclusively(files::removeItems));
    Loaded<InstalledModel> model =
        Loaded.orRemoved(files::loadModel, () -> storage.exclusively(files::removeModel));
    return new Opened(
        new ModelStore(storage, files, State.of(items.content(), model.content())),
        model.damage(),
        items.damage());
  }

  /** Which model is installed, if there is one. */
  public Optional<InstalledVersion> installed() {
    return state.model().map(InstalledModel::version);
  }

  /** SHA-256 of the installed model's file, if there is one. */
  public Optional<ContentHash> modelHash() {
    return installed().map(InstalledVersion::modelHash);
  }

  /** What the installed model does for an app, if there is one. */
  public Optional<ModelUse> use() {
    return state.model().map(InstalledModel::use);
  }

  /** The installed model, if there is one. */
  Optional<InstalledModel> current() {
    return state.model();
  }

  /**
   * The bytes of a plan, catalogue or model that is on this device already, so that nobody fetches
   * them again.
   *
   * @return bytes that hash to this, which the caller owns; empty if they are not here
   * @throws IOException if the storage fails
   */
  public Optional<byte[]> artifact(ContentHash hash) throws IOException {
    return storage.exclusively(() -> files.artifact(hash));
  }

  /** Makes a model of an unknown version the one to ask. */
  public InstallOutcome install(
      byte[] plan, byte @Nullable [] catalogue, byte[] model, ContentHash modelHash)
      throws IOException {
    return install(plan, catalogue, model, modelHash, 0);
  }

  /**
   * Makes a model the one to ask.
   *
   * @param plan bytes of the plan that trained it
   * @param catalogue bytes of the catalogue that the plan names, null if it names none
   * @param model bytes of the model file
   * @param modelHash what they must hash to
   * @param modelVersion that the coordinator gave, at least 0
   * @throws IOException if the storage fails; the model before stays
   */
  public InstallOutcome install(
      byte[] plan,
      byte @Nullable [] catalogue,
      byte[] model,
      ContentHash modelHash,
      int modelVersion)
      throws IOException {
    Artifact modelFile = Artifact.of(model);
    Artifact planFile = Artifact.of(plan);
    Artifact catalogueFile = catalogue == null ? null : Artifact.of(catalogue);
    InstalledModel installed;
    try {
      modelFile.requireHash("model", modelHash);
      installed = InstalledModel.of(planFile, catalogueFile, modelFile, modelVersion);
    } catch (IllegalArgumentException e) {
      return new InstallOutcome.Refused(String.valueOf(e.getMessage()));
    }
    return storage.exclusively(
        () -> {
          files.replaceModel(planFile, catalogueFile, modelFile, modelVersion);
          state = state.withModel(installed);
          return new InstallOutcome.Installed();
        });
  }

  /**
   * Makes an item file what the app says of its items: titles, availability, attributes. It stays
   * when models change. An item that it leaves out is not recommended.
   *
   * <p>It has UTF-8 lines: {@code #tacit-items 1}, then the names of the columns, {@code id},
   * {@code title}, {@code available} and up to 16 attributes of the app's choice, then one line per
   * item; columns stand apart by tabs, {@code available} is yes or no, an attribute with several
   * values has {@code |} between them.
   *
   * @param items bytes of the file, at most 64 MiB
   * @param hash what they must hash to
   * @throws IOException if the storage fails; the file before stays
   */
  public InstallOutcome installItems(byte[] items, ContentHash hash) throws IOException {
    Artifact itemFile = Artifact.of(items);
    ItemFile file;
    try {
      itemFile.requireHash("item file", hash);
      file = ItemFile.items(itemFile);
    } catch (IllegalArgumentException e) {
      return new InstallOutcome.Refused(String.valueOf(e.getMessage()));
    }
    return storage.exclusively(
        () -> {
          files.replaceItems(itemFile);
          state = state.withItems(file);
          return new InstallOutcome.Installed();
        });
  }
}
