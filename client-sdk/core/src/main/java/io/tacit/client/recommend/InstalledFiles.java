package io.tacit.client.recommend;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ModelStore} has on disk. Each artifact lies under the name of its hash; a file of
 * names says which are installed, and its replacement is the swap. Who writes does so in {@link
 * DeviceStorage#exclusively}.
 *
 * <p>What is read to recommend with is not hashed again: hashes are compared before anything is
 * written, the storage notices damage by a checksum of its own, and who can forge a file under
 * another's name can as well write another name into the file of names.
 */
final class InstalledFiles {

  /**
   * Three lines with the names of the files of plan, catalogue and model, then the version. The
   * second is empty for a model that has no catalogue.
   */
  private static final String CURRENT_MODEL = "current-model";

  /** The name of the item file. */
  private static final String CURRENT_ITEMS = "current-items";

  private static final int CURRENT_BYTES_MAX = 1024;

  private static final Set<Kind> OF_MODEL = EnumSet.of(Kind.PLAN, Kind.CATALOGUE, Kind.MODEL);

  /** What a file holds. */
  private enum Kind {
    PLAN("installed-plan-", WireLimits.PLAN_BYTES_MAX),
    CATALOGUE("installed-catalogue-", WireLimits.CATALOGUE_BYTES_MAX),
    MODEL("installed-model-", (int) ModelParameters.fileBytes(WireLimits.PARAMETERS_MAX)),
    ITEMS("installed-items-", WireLimits.CATALOGUE_BYTES_MAX);

    private final String prefix;
    private final int bytesMax;

    Kind(String prefix, int bytesMax) {
      this.prefix = prefix;
      this.bytesMax = bytesMax;
    }

    String file(ContentHash hash) {
      return prefix + hash.toHex();
    }

    ContentHash hash(String file) {
      if (!file.startsWith(prefix)) {
        throw new IllegalArgumentException("\"" + file + "\" is no file " + prefix + "...");
      }
      return ContentHash.fromHex(file.substring(prefix.length()));
    }
  }

  private final DeviceStorage storage;

  InstalledFiles(DeviceStorage storage) {
    this.storage = storage;
  }

  /** The model that was installed last, if any. */
  Optional<InstalledModel> loadModel() throws IOException {
    Optional<byte[]> current = storage.read(CURRENT_MODEL, CURRENT_BYTES_MAX);
    return current.isPresent() ? Optional.of(loadModel(current.get())) : Optional.empty();
  }

  private InstalledModel loadModel(byte[] current) throws IOException {
    String[] lines = new String(current, StandardCharsets.US_ASCII).split("\n");
    try {
      if (lines.length != 4) {
        throw new IllegalArgumentException(
            lines.length + " lines, must be three names and a version");
      }
      return InstalledModel.of(
          load(Kind.PLAN, lines[0]),
          lines[1].isEmpty() ? null : load(Kind.CATALOGUE, lines[1]),
          load(Kind.MODEL, lines[2]),
          Integer.parseInt(lines[3]));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          storage.file(CURRENT_MODEL), "names files that do not fit (" + e.getMessage() + ")");
    }
  }

  /** The item file that was installed last, if any. */
  Optional<ItemFile> loadItems() throws IOException {
    Optional<byte[]> current = storage.read(CURRENT_ITEMS, CURRENT_BYTES_MAX);
    if (!current.isPresent()) {
      return Optional.empty();
    }
    try {
      String name = new String(current.get(), StandardCharsets.US_ASCII);
      return Optional.of(ItemFile.items(load(Kind.ITEMS, name)));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          storage.file(CURRENT_ITEMS), "names a file that does not fit (" + e.getMessage() + ")");
    }
  }

  private Artifact load(Kind kind, String name) throws IOException {
    ContentHash hash = kind.hash(name);
    Optional<byte[]> content = storage.read(name, kind.bytesMax);
    if (!content.isPresent()) {
      throw new CorruptFileException(storage.file(name), "is missing");
    }
    return new Artifact(hash, content.get());
  }

  /** Replaces the model. */
  void replaceModel(Artifact plan, @Nullable Artifact catalogue, Artifact model, int modelVersion)
      throws IOException {
    List<String> files =
        Arrays.asList(
            keep(Kind.PLAN, plan),
            catalogue == null ? "" : keep(Kind.CATALOGUE, catalogue),
            keep(Kind.MODEL, model));
    String current = String.join("\n", files) + "\n" + modelVersion;
    storage.write(CURRENT_MODEL, current.getBytes(StandardCharsets.US_ASCII));
    deleteOthers(OF_MODEL, files);
  }

  /** Replaces the item file. */
  void replaceItems(Artifact items) throws IOException {
    String file = keep(Kind.ITEMS, items);
    storage.write(CURRENT_ITEMS, file.getBytes(StandardCharsets.US_ASCII));
    deleteOthers(EnumSet.of(Kind.ITEMS), List.of(file));
  }

  /** Removes the model, whatever state its files are in; gives what is there then, none. */
  Optional<InstalledModel> removeModel() throws IOException {
    storage.delete(CURRENT_MODEL);
    deleteOthers(OF_MODEL, List.of());
    return Optional.empty();
  }

  /** Removes the item file, whatever state it is in; gives what is there then, none. */
  Optional<ItemFile> removeItems() throws IOException {
    storage.delete(CURRENT_ITEMS);
    deleteOthers(EnumSet.of(Kind.ITEMS), List.of());
    return Optional.empty();
  }

  /** A plan, catalogue or model that is here; one that is damaged is deleted. */
  Optional<byte[]> artifact(ContentHash hash) throws IOException {
    for (Kind kind : OF_MODEL) {
      try {
        Optional<byte[]> content = storage.read(kind.file(hash), kind.bytesMax);
        if (content.isPresent() && ContentHash.of(content.get()).equals(hash)) {
          return content;
        }
      } catch (CorruptFileException e) {
        // In its place the same content could not be written: a file that is there is kept.
        storage.delete(kind.file(hash));
      }
    }
    return Optional.empty();
  }

  /** Writes an artifact under the name of its hash, unless it is there. */
  private String keep(Kind kind, Artifact artifact) throws IOException {
    String name = kind.file(artifact.hash());
    if (!storage.contains(name)) {
      storage.write(name, artifact.bytes());
    }
    return name;
  }

  private void deleteOthers(Set<Kind> kinds, List<String> kept) throws IOException {
    for (String name : storage.names()) {
      if (kinds.stream().anyMatch(kind -> name.startsWith(kind.prefix)) && !kept.contains(name)) {
        storage.delete(name);
      }
    }
  }
}
