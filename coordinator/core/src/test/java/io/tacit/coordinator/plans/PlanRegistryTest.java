package io.tacit.coordinator.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.plans.RegisteredPlan.State;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanRegistryTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T10:15:30Z"), ZoneOffset.UTC);

  private static final PlanId SMALL = new PlanId("small");

  private final Database database = Database.inMemory();

  @TempDir Path directory;

  private ArtifactStore artifacts;
  private ModelRegistry models;
  private PlanRegistry plans;

  @BeforeEach
  void open() {
    artifacts = new ArtifactStore(directory);
    models = new ModelRegistry(database, artifacts, CLOCK);
    plans = new PlanRegistry(database, artifacts, models, CLOCK);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void the_first_version_becomes_active_and_begins_the_history_of_its_model() {
    TrainingPlan plan = tabular(1);

    ApplyOutcome outcome = plans.apply(plan);

    RegisteredPlan expected =
        new RegisteredPlan(plan, plan.contentHash(), State.ACTIVE, CLOCK.instant());
    assertThat(outcome).isEqualTo(new ApplyOutcome.Applied(expected));
    assertThat(plans.find(SMALL)).contains(expected);
    assertThat(plans.list()).containsExactly(expected);
    assertThat(plans.active("test")).containsExactly(expected);
    assertThat(plans.active("another")).isEmpty();
    assertThat(artifacts.read(plan.contentHash())).hasValue(plan.toBytes());
    assertThat(models.parameters(models.latest(SMALL).orElseThrow()))
        .isEqualTo(ModelParameters.initial(plan.model()));
  }

  @Test
  void the_same_plan_again_changes_nothing() {
    plans.apply(tabular(1));

    assertThat(plans.apply(tabular(1)))
        .isEqualTo(new ApplyOutcome.AlreadyApplied(plans.find(SMALL).orElseThrow()));
    assertThat(models.list(SMALL, -1, 10)).hasSize(1);
  }

  @Test
  void a_higher_version_supersedes_and_the_model_goes_on() {
    plans.apply(tabular(1));

    assertThat(plans.apply(tabular(5))).isInstanceOf(ApplyOutcome.Applied.class);

    assertThat(plans.find(SMALL).orElseThrow().plan().version()).isEqualTo(5);
    assertThat(plans.find(SMALL, 1).orElseThrow().state()).isEqualTo(State.SUPERSEDED);
    assertThat(plans.list()).hasSize(1);
    assertThat(plans.active("test")).hasSize(1);
    assertThat(models.list(SMALL, -1, 10)).hasSize(1);
    assertThat(plans.apply(tabular(1)))
        .isEqualTo(new ApplyOutcome.AlreadyApplied(plans.find(SMALL, 1).orElseThrow()));
  }

  @Test
  void features_of_items_need_their_columns_and_stay_as_they_are() {
    Catalogue plain = TestPlans.catalogue(3);
    Catalogue knowing =
        Catalogue.of(
            List.of("year"),
            List.of(
                new Catalogue.Item("0", "", List.of("1998")),
                new Catalogue.Item("1", "", List.of("")),
                new Catalogue.Item("2", "", List.of("2026"))));
    artifacts.put(plain.toBytes());
    artifacts.put(knowing.toBytes());

    assertThatThrownBy(() -> plans.apply(over(plain, 1, 1990)))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessageStartingWith("features.item-features.year is no column of the catalogue");
    assertThat(plans.list()).isEmpty();

    assertThat(plans.apply(over(knowing, 1, 1990))).isInstanceOf(ApplyOutcome.Applied.class);
    assertThat(plans.apply(over(knowing, 2, 2000))).isInstanceOf(ApplyOutcome.ModelChanged.class);
  }

  private static TrainingPlan over(Catalogue catalogue, int version, int mean) {
    String file =
        TestPlans.twoTower(catalogue)
            .replace("version: 1", "version: " + version)
            .replace(
                "buckets: 2}",
                "buckets: 2, item-features: [{name: year, numeric: {mean: " + mean + "}}]}");
    return PlanFile.parse(file, TestPlans.known(catalogue));
  }

  @Test
  void refuses_another_plan_of_a_version_that_is_not_higher() {
    plans.apply(tabular(5));
    RegisteredPlan current = plans.find(SMALL).orElseThrow();

    assertThat(plans.apply(tabular(4))).isEqualTo(new ApplyOutcome.VersionNotHigher(current));
    assertThat(plans.apply(parse(TestPlans.TABULAR.replace("version: 1", "version: 5\nrounds: 7"))))
        .isEqualTo(new ApplyOutcome.VersionNotHigher(current));
    assertThat(plans.list()).containsExactly(current);
  }

  @Test
  void refuses_a_version_that_would_change_what_the_parameters_mean() {
    plans.apply(tabular(1));
    RegisteredPlan current = plans.find(SMALL).orElseThrow();
    String second = TestPlans.TABULAR.replace("version: 1", "version: 2");

    assertThat(plans.apply(parse(second.replace("units: 3", "units: 4"))))
        .isEqualTo(new ApplyOutcome.ModelChanged(current, "model"));
    assertThat(plans.apply(parse(second.replace("mean: 40", "mean: 50"))))
        .isEqualTo(new ApplyOutcome.ModelChanged(current, "features"));
    assertThat(plans.list()).containsExactly(current);
  }

  @Test
  void a_finished_plan_is_no_longer_active_but_in_force() {
    plans.apply(tabular(1));

    assertThat(database.<Boolean>inTransaction(t -> plans.finish(t, SMALL, 1))).isTrue();
    assertThat(database.<Boolean>inTransaction(t -> plans.finish(t, SMALL, 1))).isFalse();

    assertThat(plans.active("test")).isEmpty();
    assertThat(plans.find(SMALL).orElseThrow().state()).isEqualTo(State.FINISHED);
    plans.apply(tabular(2));
    assertThat(plans.active("test")).hasSize(1);
  }

  @Test
  void refuses_a_plan_whose_catalogue_was_not_uploaded() {
    Catalogue catalogue = TestPlans.catalogue(3);
    TrainingPlan plan = PlanFile.parse(TestPlans.twoTower(catalogue), TestPlans.known(catalogue));
    String hash = catalogue.contentHash().toHex();

    assertThatThrownBy(() -> plans.apply(plan))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessage(
            "features.catalogue is "
                + hash
                + ", must be the hash of an uploaded catalogue; upload the catalogue first and use"
                + " the hash that the upload returns");
    assertThat(plans.list()).isEmpty();
    assertThat(models.latest(plan.id())).isEmpty();

    new Catalogues(artifacts).put(catalogue);
    assertThat(plans.apply(plan)).isInstanceOf(ApplyOutcome.Applied.class);
  }

  @Test
  void refuses_a_plan_that_counts_its_catalogue_wrong() {
    Catalogue catalogue = TestPlans.catalogue(3);
    new Catalogues(artifacts).put(catalogue);
    TrainingPlan plan =
        parse(
            TestPlans.twoTower(catalogue)
                .replace("unknown-item", "catalogue-items: 4, unknown-item"));

    assertThatThrownBy(() -> plans.apply(plan))
        .isInstanceOf(InvalidPlanException.class)
        .hasMessage(
            "features.catalogue-items is 4, must be 3, the items of catalogue "
                + catalogue.contentHash()
                + "; leave it out, or set it to that");
  }

  @Test
  void an_artifact_that_is_no_catalogue_is_not_taken_for_one() {
    ContentHash hash = artifacts.put(new byte[] {1, 2, 3});

    assertThat(new Catalogues(artifacts).find(hash)).isEmpty();
  }

  @Test
  void of_many_who_apply_at_once_the_highest_version_stays_in_force() throws Exception {
    int threads = 4;
    int versions = 24;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<ApplyOutcome>> outcomes = new ArrayList<>();
      for (int version = 1; version <= versions; version++) {
        TrainingPlan plan = tabular(version);
        outcomes.add(pool.submit(() -> plans.apply(plan)));
      }
      int applied = 0;
      for (Future<ApplyOutcome> outcome : outcomes) {
        applied += outcome.get() instanceof ApplyOutcome.Applied ? 1 : 0;
      }
      assertThat(applied).isPositive();
    } finally {
      pool.shutdown();
    }
    assertThat(plans.active("test")).hasSize(1);
    assertThat(plans.find(SMALL).orElseThrow().plan().version()).isEqualTo(versions);
    assertThat(models.list(SMALL, -1, 10)).hasSize(1);
  }

  private static TrainingPlan tabular(int version) {
    return parse(TestPlans.TABULAR.replace("version: 1", "version: " + version));
  }

  private static TrainingPlan parse(String text) {
    return PlanFile.parse(text, TestPlans.NO_CATALOGUES);
  }
}
