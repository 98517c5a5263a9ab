package io.tacit.coordinator.plans;

import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.InvalidPlanException;
import java.util.Optional;

/** Catalogues that were uploaded, in the artifact store. Reads no files. Thread-safe. */
public final class Catalogues implements CatalogueLookup {

  private final ArtifactStore artifacts;

  /** Catalogues in this store. */
  public Catalogues(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  /**
   * Stores a catalogue in its canonical form, so that equal catalogues have equal hashes.
   *
   * @return its hash
   */
  public ContentHash put(Catalogue catalogue) {
    return artifacts.put(catalogue.toBytes());
  }

  /** Whether this content is there. */
  public boolean contains(ContentHash hash) {
    return artifacts.contains(hash);
  }

  /**
   * The catalogue of a hash.
   *
   * @return empty if there is no such artifact, or if it is no catalogue
   */
  @Override
  public Optional<Catalogue> find(ContentHash hash) {
    return artifacts.read(hash).flatMap(Catalogues::parse);
  }

  @Override
  public Optional<Catalogue> file(String path) {
    return Optional.empty();
  }

  /** The refusal of a plan whose catalogue is not here. */
  static InvalidPlanException unknown(ContentHash hash) {
    return new InvalidPlanException(
        "features.catalogue",
        hash.toHex(),
        "the hash of an uploaded catalogue",
        "upload the catalogue first and use the hash that the upload returns");
  }

  private static Optional<Catalogue> parse(byte[] bytes) {
    try {
      return Optional.of(Catalogue.fromBytes(bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
