package io.tacit.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFileException;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Reads a plan on the owner's machine and signs what was read. A coordinator that did the reading
 * could have another plan signed, so nothing is asked of it here.
 */
final class PlanSigning {

  private final TaskKeyPair key;
  private final Clock clock;

  PlanSigning(TaskKeyPair key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * Signs a plan file.
   *
   * @throws IOException with a sentence for people, if the plan is not valid or has no end
   */
  PlanArtifact sign(PlanFile file) throws IOException {
    try {
      TrainingPlan plan =
          io.tacit.coordinator.plans.PlanFile.parse(
              new String(file.bytes(), UTF_8), new LocalCatalogue(file.catalogueFile()));
      return PlanArtifact.sign(plan, key, clock.instant());
    } catch (PlanFileException | InvalidPlanException e) {
      throw new IOException("The plan can not be signed: " + e.getMessage() + ".", e);
    }
  }

  /** The catalogue file that a plan names, if it names one. */
  private record LocalCatalogue(Optional<Path> path) implements CatalogueLookup {

    @Override
    public Optional<Catalogue> find(ContentHash hash) {
      throw new InvalidPlanException(
          "features.catalogue-items",
          "missing",
          "the number of items, where a plan that is signed names its catalogue by hash",
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
