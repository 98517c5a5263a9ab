package io.tacit.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads plan files on this machine, without asking a coordinator. */
final class LocalPlan {

  private LocalPlan() {}

  /**
   * The plan that a file means.
   *
   * @throws io.tacit.coordinator.plans.PlanFileException if the file is not valid
   * @throws InvalidPlanException if the plan can not be carried out
   */
  static TrainingPlan parse(PlanFile file) {
    return io.tacit.coordinator.plans.PlanFile.parse(
        new String(file.bytes(), UTF_8), new LocalCatalogue(file.catalogueFile()));
  }

  /** The catalogue file that a plan names, if it names one. */
  private record LocalCatalogue(Optional<Path> path) implements CatalogueLookup {

    @Override
    public Optional<Catalogue> find(ContentHash hash) {
      throw new InvalidPlanException(
          "features.catalogue-items",
          "missing",
          "the number of items, where a plan that is read here names its catalogue by hash",
          "add it, or name the catalogue's file");
    }

    @Override
    public Optional<Catalogue> file(String spelled) {
      return path.map(LocalCatalogue::read);
    }

    private static Catalogue read(Path file) {
      try {
        return Catalogue.fromBytes(Files.readAllBytes(file));
      } catch (IOException e) {
        throw new IllegalArgumentException("catalogue file " + file + " can not be read", e);
      }
    }
  }
}
