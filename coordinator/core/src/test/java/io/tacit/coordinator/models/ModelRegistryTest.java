package io.tacit.coordinator.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.database.DuplicateRowException;
import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.optimiser.ServerOptimiser;
import io.tacit.coordinator.optimiser.StepOutcome;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T10:15:30.123456789Z"), ZoneOffset.UTC);

  private static final TrainingPlan PLAN =
      PlanFile.parse(TestPlans.TABULAR, TestPlans.NO_CATALOGUES);

  private final Database database = Database.inMemory();

  @TempDir Path directory;

  private ModelRegistry models;

  @BeforeEach
  void open() {
    models = new ModelRegistry(database, new ArtifactStore(directory), CLOCK);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_plan_that_was_never_applied_has_no_model() {
    assertThat(models.latest(PLAN.id())).isEmpty();
    assertThat(models.find(PLAN.id(), 0)).isEmpty();
    assertThat(models.list(PLAN.id(), -1, 10)).isEmpty();
  }

  @Test
  void version_0_has_the_initial_parameters() {
    ModelVersion initial = append(models.initial(PLAN));

    assertThat(models.latest(PLAN.id())).contains(initial);
    assertThat(models.parameters(initial)).isEqualTo(ModelParameters.initial(PLAN.model()));
    assertThat(models.optimiserState(initial).isNone()).isTrue();
    assertThat(initial.createdAt()).isEqualTo("2026-11-24T10:15:30.123Z");
  }

  @Test
  void a_successor_keeps_the_state_of_the_optimiser_that_made_it() {
    ModelVersion initial = append(models.initial(PLAN));
    MeanUpdate update = update();
    StepOutcome.Step step = step(initial, update);

    ModelVersion next = append(models.successor(initial, 4, step, update));

    assertThat(models.latest(PLAN.id())).contains(next);
    assertThat(next.version()).isEqualTo(1);
    assertThat(next.parent()).isZero();
    assertThat(next.round()).isEqualTo(4);
    assertThat(next.clients()).isEqualTo(3);
    assertThat(next.meanLoss()).isEqualTo(0.5);
    assertThat(models.parameters(next)).isEqualTo(step.parameters());
    assertThat(models.optimiserState(next)).isEqualTo(step.state());
    assertThat(models.list(PLAN.id(), -1, 10)).containsExactly(initial, next);
    assertThat(models.list(PLAN.id(), 0, 10)).containsExactly(next);
    assertThat(models.list(PLAN.id(), -1, 1)).containsExactly(initial);
  }

  @Test
  void a_successor_that_was_not_appended_is_not_there() {
    ModelVersion initial = append(models.initial(PLAN));

    models.successor(initial, 1, step(initial, update()), update());

    assertThat(models.latest(PLAN.id())).contains(initial);
  }

  @Test
  void a_round_makes_one_model_and_a_version_is_made_once() {
    ModelVersion initial = append(models.initial(PLAN));
    ModelVersion next = append(models.successor(initial, 1, step(initial, update()), update()));

    assertThatThrownBy(() -> append(models.successor(next, 1, step(next, update()), update())))
        .isInstanceOf(DuplicateRowException.class);
    assertThatThrownBy(
            () -> append(models.successor(initial, 2, step(initial, update()), update())))
        .isInstanceOf(DuplicateRowException.class);
    assertThat(models.list(PLAN.id(), -1, 10)).containsExactly(initial, next);
  }

  @Test
  void a_row_without_its_file_is_told() throws IOException {
    ModelVersion initial = append(models.initial(PLAN));
    Files.delete(directory.resolve(initial.hash().toHex()));

    assertThatThrownBy(() -> models.parameters(initial))
        .isInstanceOf(MissingArtifactException.class)
        .hasMessage(
            "the artifact store has no file "
                + initial.hash().toHex()
                + " (model) but the database names it; restore database and artifacts from the"
                + " same backup");
  }

  @Test
  void plans_do_not_see_each_others_models() {
    append(models.initial(PLAN));

    assertThat(models.latest(new PlanId("another"))).isEmpty();
  }

  private StepOutcome.Step step(ModelVersion from, MeanUpdate update) {
    return (StepOutcome.Step)
        new ServerOptimiser.FedAdam(0.1, 0.9, 0.99, 1e-3)
            .step(models.parameters(from), update, OptimiserState.none());
  }

  private static MeanUpdate update() {
    float[] values = new float[PLAN.parameters()];
    Arrays.fill(values, 0.25f);
    return new MeanUpdate(values, 3, 3, 30, 0.5);
  }

  private ModelVersion append(ModelVersion model) {
    database.doInTransaction(transaction -> models.append(transaction, model));
    return model;
  }
}
