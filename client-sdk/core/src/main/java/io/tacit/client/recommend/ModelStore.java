package io.tacit.client.recommend;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The model that a device recommends with, in memory and on disk.
 *
 * <p>Guarantee: content hashes and shape are checked before the swap, which is atomic in memory and
 * on disk; whatever goes wrong, the model before stays. Works offline. Thread-safe.
 */
public final class ModelStore {

  /** Names the files of plan, catalogue and model: the one file whose replacement is the swap. */
  private static final String CURRENT = "current-model";

  private static final int CURRENT_BYTES_MAX = 1024;

  private static final String PLAN = "installed-plan-";
  private static final String CATALOGUE = "installed-catalogue-";
  private static final String MODEL = "installed-model-";

  private final DeviceStorage storage;
  private volatile Optional<InstalledModel> current;

  private ModelStore(DeviceStorage storage, Optional<InstalledModel> current) {
    this.storage = storage;
    this.current = current;
  }

  /**
   * Opens the store with the model that was installed last, if any.
   *
   * @throws CorruptFileException if its files are damaged; delete them and fetch the model again
   */
  public static ModelStore open(DeviceStorage storage) throws IOException {
    Optional<byte[]> files = storage.read(CURRENT, CURRENT_BYTES_MAX);
    return new ModelStore(
        storage, files.isPresent() ? Optional.of(load(storage, files.get())) : Optional.empty());
  }

  /** SHA-256 of the installed model's file, if there is one. */
  public Optional<ContentHash> modelHash() {
    return current.map(InstalledModel::modelHash);
  }

  /** The installed model, if there is one. */
  Optional<InstalledModel> current() {
    return current;
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

  private void swap(byte[] plan, byte[] catalogue, byte[] model, InstalledModel installed)
      throws IOException {
    List<String> files = List.of(keep(PLAN, plan), keep(CATALOGUE, catalogue), keep(MODEL, model));
    storage.write(CURRENT, String.join("\n", files).getBytes(StandardCharsets.US_ASCII));
    current = Optional.of(installed);
    for (String name : storage.names()) {
      boolean isOurs =
          name.startsWith(PLAN) || name.startsWith(CATALOGUE) || name.startsWith(MODEL);
      if (isOurs && !files.contains(name)) {
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
    Catalogue catalogue = Catalogue.fromBytes(catalogueBytes);
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
    return new InstalledModel(plan, catalogue, modelHash, ItemScorer.of(specification, parameters));
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
