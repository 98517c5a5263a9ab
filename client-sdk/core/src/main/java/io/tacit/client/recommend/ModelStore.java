package io.tacit.client.recommend;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The model that a device recommends with, and what the app says of its items, in memory and on
 * disk.
 *
 * <p>Guarantee: content hashes and shape are checked before the swap, which is atomic in memory and
 * on disk; whatever goes wrong, what was there before stays. Works offline. Thread-safe; who reads
 * the model waits for nobody.
 */
public final class ModelStore {

  /** Names the files of plan, catalogue and model: the one file whose replacement is the swap. */
  private static final String CURRENT = "current-model";

  /** Names the item file. */
  private static final String CURRENT_ITEMS = "current-items";

  private static final int CURRENT_BYTES_MAX = 1024;

  private static final String PLAN = "installed-plan-";
  private static final String CATALOGUE = "installed-catalogue-";
  private static final String MODEL = "installed-model-";
  private static final String ITEMS = "installed-items-";

  private final DeviceStorage storage;
  private volatile State state;

  /**
   * What is installed; replaced as a whole.
   *
   * @param items that the app brought
   * @param model with these items in its assortment
   */
  private record State(Optional<ItemFile> items, Optional<InstalledModel> model) {

    State withItems(ItemFile newItems) {
      return new State(
          Optional.of(newItems),
          model.map(
              old ->
                  new InstalledModel(
                      old.plan(), old.modelHash(), old.scorer(), old.assortment().with(newItems))));
    }

    State withModel(InstalledModel newModel) {
      State alone = new State(items, Optional.of(newModel));
      return items.isPresent() ? alone.withItems(items.get()) : alone;
    }
  }

  private ModelStore(DeviceStorage storage, State state) {
    this.storage = storage;
    this.state = state;
  }

  /**
   * Opens the store with the model and the item file that were installed last, if any.
   *
   * @throws CorruptFileException if its files are damaged; delete them and fetch the model again
   */
  public static ModelStore open(DeviceStorage storage) throws IOException {
    State state = new State(loadItems(storage), Optional.empty());
    Optional<byte[]> files = storage.read(CURRENT, CURRENT_BYTES_MAX);
    return new ModelStore(
        storage, files.isPresent() ? state.withModel(load(storage, files.get())) : state);
  }

  /** SHA-256 of the installed model's file, if there is one. */
  public Optional<ContentHash> modelHash() {
    return state.model().map(InstalledModel::modelHash);
  }

  /** The installed model, if there is one. */
  Optional<InstalledModel> current() {
    return state.model();
  }

  /**
   * Makes a model the one to recommend with.
   *
   * @param plan bytes of the plan that trained it
   * @param catalogue bytes of the catalogue that the plan names
   * @param model bytes of the model file
   * @param modelHash what they must hash to
   * @throws IOException if the storage fails; the model before stays
   */
  public InstallOutcome install(byte[] plan, byte[] catalogue, byte[] model, ContentHash modelHash)
      throws IOException {
    InstalledModel installed;
    try {
      installed = check(plan, catalogue, model, modelHash);
    } catch (IllegalArgumentException e) {
      return new InstallOutcome.Refused(String.valueOf(e.getMessage()));
    }
    storage.exclusively(
        () -> {
          swap(plan, catalogue, model, installed);
          return installed;
        });
    return new InstallOutcome.Installed();
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
    ItemFile file;
    try {
      requireHash("item file", items, hash);
      file = ItemFile.items(items);
    } catch (IllegalArgumentException e) {
      return new InstallOutcome.Refused(String.valueOf(e.getMessage()));
    }
    return storage.exclusively(
        () -> {
          String name = keep(ITEMS, items);
          storage.write(CURRENT_ITEMS, name.getBytes(StandardCharsets.US_ASCII));
          state = state.withItems(file);
          deleteOthers(List.of(ITEMS), List.of(name));
          return new InstallOutcome.Installed();
        });
  }

  private void swap(byte[] plan, byte[] catalogue, byte[] model, InstalledModel installed)
      throws IOException {
    List<String> files = List.of(keep(PLAN, plan), keep(CATALOGUE, catalogue), keep(MODEL, model));
    storage.write(CURRENT, String.join("\n", files).getBytes(StandardCharsets.US_ASCII));
    state = state.withModel(installed);
    deleteOthers(List.of(PLAN, CATALOGUE, MODEL), files);
  }

  private void deleteOthers(List<String> prefixes, List<String> kept) throws IOException {
    for (String name : storage.names()) {
      if (prefixes.stream().anyMatch(name::startsWith) && !kept.contains(name)) {
        storage.delete(name);
      }
    }
  }

  /** Writes an artifact under the name of its hash, unless it is there. */
  private String keep(String prefix, byte[] content) throws IOException {
    String name = prefix + ContentHash.of(content).toHex();
    if (!storage.contains(name)) {
      storage.write(name, content);
    }
    return name;
  }

  private static InstalledModel load(DeviceStorage storage, byte[] current) throws IOException {
    String[] files = new String(current, StandardCharsets.US_ASCII).split("\n");
    try {
      if (files.length != 3 || !files[2].startsWith(MODEL)) {
        throw new IllegalArgumentException(files.length + " lines, must be three names");
      }
      return check(
          load(storage, files[0], WireLimits.PLAN_BYTES_MAX),
          load(storage, files[1], WireLimits.CATALOGUE_BYTES_MAX),
          load(storage, files[2], (int) ModelParameters.fileBytes(WireLimits.PARAMETERS_MAX)),
          ContentHash.fromHex(files[2].substring(MODEL.length())));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          storage.file(CURRENT), "names files that do not fit (" + e.getMessage() + ")");
    }
  }

  private static Optional<ItemFile> loadItems(DeviceStorage storage) throws IOException {
    Optional<byte[]> current = storage.read(CURRENT_ITEMS, CURRENT_BYTES_MAX);
    if (!current.isPresent()) {
      return Optional.empty();
    }
    String name = new String(current.get(), StandardCharsets.US_ASCII);
    try {
      if (!name.startsWith(ITEMS)) {
        throw new IllegalArgumentException("its content is no name of an item file");
      }
      byte[] bytes = load(storage, name, WireLimits.CATALOGUE_BYTES_MAX);
      requireHash("item file", bytes, ContentHash.fromHex(name.substring(ITEMS.length())));
      return Optional.of(ItemFile.items(bytes));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          storage.file(CURRENT_ITEMS), "names a file that does not fit (" + e.getMessage() + ")");
    }
  }

  private static byte[] load(DeviceStorage storage, String name, int bytesMax) throws IOException {
    return storage
        .read(name, bytesMax)
        .orElseThrow(() -> new CorruptFileException(storage.file(name), "is missing"));
  }

  private static InstalledModel check(
      byte[] planBytes, byte[] catalogueBytes, byte[] modelBytes, ContentHash modelHash) {
    requireHash("model", modelBytes, modelHash);
    TrainingPlan plan = TrainingPlan.fromBytes(planBytes);
    if (!(plan.features() instanceof FeatureSchema.Items schema)) {
      throw new IllegalArgumentException(
          "plan "
              + plan.id()
              + " trains a model of kind "
              + plan.model().kind()
              + ", must be one over items to recommend with");
    }
    requireHash("catalogue", catalogueBytes, schema.catalogueHash());
    ItemFile catalogue = ItemFile.catalogue(catalogueBytes);
    if (catalogue.size() != schema.catalogueItems()) {
      throw new IllegalArgumentException(
          "catalogue has "
              + catalogue.size()
              + " items, plan "
              + plan.id()
              + " says "
              + schema.catalogueItems()
              + "; mend the plan");
    }
    ModelSpecification specification = plan.model();
    ModelParameters parameters =
        ModelParameters.fromBytes(modelBytes, specification.layout().size());
    return new InstalledModel(
        plan, modelHash, ItemScorer.of(specification, parameters), Assortment.of(catalogue));
  }

  private static void requireHash(String what, byte[] bytes, ContentHash expected) {
    ContentHash actual = ContentHash.of(bytes);
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          what
              + " has hash "
              + actual.toHex()
              + ", must have "
              + expected.toHex()
              + "; fetch it again");
    }
  }
}
