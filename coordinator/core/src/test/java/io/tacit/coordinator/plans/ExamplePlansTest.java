package io.tacit.coordinator.plans;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The plans in deploy/plans. */
class ExamplePlansTest {

  private static final Path PLANS = Path.of(System.getProperty("tacit.root"), "deploy/plans");

  /** Stands in for the catalogue that a user makes from their own copy of MovieLens-100K. */
  private static final Catalogue MOVIELENS = TestPlans.catalogue(1682);

  @Test
  void the_demo_trains_with_the_settings_that_were_measured() throws IOException {
    TrainingPlan plan = load("msweb-two-tower.yaml");

    assertThat(plan.id().value()).isEqualTo("msweb-two-tower");
    assertThat(plan.model()).isEqualTo(new ModelSpecification.TwoTower(294 + 16, 16, true, 1));
    assertThat(plan.client())
        .isEqualTo(
            new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1000, true, 0));
    assertThat(plan.cohort()).isEqualTo(new CohortSettings(64, 32, 1.3));
    assertThat(plan.deadlines())
        .isEqualTo(
            new DeadlineSettings(
                Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30)));
    assertThat(plan.serverOptimiser())
        .isEqualTo(
            new ServerOptimiserSettings(
                ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 0.9, 0.99, 0.001));
    assertThat(plan.rounds()).isEqualTo(60);
  }

  @Test
  void the_tabular_reference_encodes_to_five_inputs() throws IOException {
    TrainingPlan plan = load("tabular-5-64-32-1.yaml");

    assertThat(plan.model())
        .isEqualTo(
            new ModelSpecification.Tabular(
                5,
                List.of(
                    new DenseLayer(64, Activation.RELU),
                    new DenseLayer(32, Activation.RELU),
                    new DenseLayer(1, Activation.SIGMOID)),
                Loss.BINARY_CROSS_ENTROPY,
                1));
    assertThat(plan.parameters()).isEqualTo(2497);
    assertThat(plan.client().optimiser()).isEqualTo(ClientSettings.Optimiser.ADAM);
    assertThat(plan.client().epochs()).isEqualTo(10);
    assertThat(plan.evaluation().validationShare()).isZero();
  }

  @Test
  void matrix_factorisation_is_neural_cf_without_a_tower() throws IOException {
    TrainingPlan plan = load("movielens-matrix-factorisation.yaml");

    assertThat(plan.model())
        .isEqualTo(new ModelSpecification.NeuralCf(1682 + 16, 32, true, List.of(), 1));
    assertThat(plan.parameters()).isEqualTo(1698 * 33);
  }

  @Test
  void what_devices_of_the_newspaper_measure_has_a_price_of_its_own() throws IOException {
    TrainingPlan plan = load("news.yaml");

    assertThat(Objects.requireNonNull(plan.evaluation().metrics()).groups())
        .containsExactly("held-back", "few", "many");
    assertThat(plan.metricCost().orElseThrow().models().epsilon()).isBetween(3.99, 4.01);
    assertThat(plan.privacyCost().orElseThrow().models().epsilon()).isBetween(7.99, 8.01);
  }

  @Test
  void every_example_is_a_plan() throws IOException {
    try (Stream<Path> files = Files.list(PLANS)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".yaml"))
              .toList();
      assertThat(names).hasSizeGreaterThanOrEqualTo(3);
      for (String name : names) {
        assertThat(load(name).id().value()).isEqualTo(name.replace(".yaml", ""));
      }
    }
  }

  private static TrainingPlan load(String name) throws IOException {
    return PlanFile.parse(Files.readString(PLANS.resolve(name)), new ExampleCatalogues());
  }

  /** Reads the files beside the plans. */
  private static final class ExampleCatalogues implements CatalogueLookup {

    @Override
    public Optional<Catalogue> find(ContentHash hash) {
      return Optional.empty();
    }

    @Override
    public Optional<Catalogue> file(String path) {
      if (path.equals("movielens-catalogue.txt")) {
        return Optional.of(MOVIELENS);
      }
      try {
        return Optional.of(Catalogue.fromBytes(Files.readAllBytes(PLANS.resolve(path))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
