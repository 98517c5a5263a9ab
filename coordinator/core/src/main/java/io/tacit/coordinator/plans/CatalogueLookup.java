package io.tacit.coordinator.plans;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import java.util.Optional;

/**
 * How a plan file's reader finds the catalogue that the file names: the service knows uploaded
 * ones, tools on a workstation also read files.
 */
public interface CatalogueLookup {

  /** The catalogue of a hash; empty if it is not known here. */
  Optional<Catalogue> find(ContentHash hash);

  /**
   * The catalogue in a file, for {@code catalogue: {file: ...}}.
   *
   * @param path as the plan file spells it
   * @return empty if files are not read here
   * @throws IllegalArgumentException if the file can not be read or is no catalogue
   */
  Optional<Catalogue> file(String path);
}
