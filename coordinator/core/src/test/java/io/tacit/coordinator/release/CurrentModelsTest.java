package io.tacit.coordinator.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.coordinator.database.Database;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.coordinator.models.ModelRegistry;
import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.plans.PlanRegistry;
import io.tacit.coordinator.plans.TestPlans;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentModelsTest {

  private static final Set<String> KINDS = Set.of("tabular", "two-tower");
  private static final PlanId SMALL = new PlanId("small");

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final Database database = Database.inMemory();
  private ArtifactStore artifacts;
  private ModelRegistry models;
  private PlanRegistry plans;
  private ReleaseRegistry releases;
  private CurrentModels current;

  @BeforeEach
  void open() {
    artifacts = new ArtifactStore(directory);
    models = new ModelRegistry(database, artifacts, clock);
    plans = new PlanRegistry(database, artifacts, models, clock);
    releases = new ReleaseRegistry(database, models, clock);
    current = new CurrentModels(plans, models, releases, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Applies a plan and, if it is a new one, publishes what its first round made. */
  private TrainingPlan trained(String id, int version, String population) {
    TrainingPlan plan = apply(id, version, population);
    if (models.latest(plan.id()).orElseThrow().round() == 0) {
      publish(plan.id());
    }
    return plan;
  }

  private TrainingPlan apply(String id, int version, String population) {
    TrainingPlan plan =
        PlanFile.parse(
            TestPlans.TABULAR
                .replace("id: small", "id: " + id)
                .replace("version: 1", "version: " + version)
                .replace("population: test", "population: " + population),
            TestPlans.NO_CATALOGUES);
    plans.apply(plan);
    return plan;
  }

  /** A next version of a model; its file does not matter here. */
  private ModelVersion publish(PlanId plan) {
    ModelVersion next = successor(models.latest(plan).orElseThrow());
    database.doInTransaction(transaction -> models.append(transaction, next));
    return next;
  }

  private static ModelVersion successor(ModelVersion before) {
    return new ModelVersion(
        before.plan(),
        before.version() + 1,
        before.round() + 1,
        ContentHash.of(new byte[] {(byte) before.version()}),
        before.version(),
        null,
        before.parameters(),
        3,
        0.5,
        before.createdAt());
  }

  private List<String> ids(String population, Set<String> kinds) {
    return current.of(population, kinds).stream()
        .map(model -> model.plan().plan().id().value())
        .toList();
  }

  @Test
  void a_population_that_nobody_knows_has_no_models() {
    trained("small", 1, "test");

    assertThat(current.of("nobody", KINDS)).isEmpty();
  }

  @Test
  void a_model_that_nobody_has_trained_is_not_offered() {
    apply("small", 1, "test");

    assertThat(current.of("test", KINDS)).isEmpty();
  }

  @Test
  void names_a_model_from_the_moment_that_it_is_published() {
    trained("small", 1, "test");
    ModelVersion first = models.latest(SMALL).orElseThrow();
    assertThat(current.of("test", KINDS))
        .containsExactly(
            new CurrentModel(plans.find(SMALL).orElseThrow(), first, Optional.empty()));

    ModelVersion next = publish(SMALL);

    assertThat(current.of("test", KINDS))
        .containsExactly(new CurrentModel(plans.find(SMALL).orElseThrow(), next, Optional.empty()));
  }

  @Test
  void names_what_is_released_a_second_later_also_when_newer_models_come_and_after_a_rollback() {
    trained("small", 1, "test");
    ModelVersion first = models.latest(SMALL).orElseThrow();
    ModelVersion second = publish(SMALL);
    current.of("test", KINDS);

    Release one = release(1, second);
    clock.advance(CurrentModels.AGE_MAX);
    publish(SMALL);
    assertThat(current.of("test", KINDS))
        .containsExactly(
            new CurrentModel(plans.find(SMALL).orElseThrow(), second, Optional.of(one)));

    Release two = release(2, first);
    clock.advance(CurrentModels.AGE_MAX);
    assertThat(current.of("test", KINDS))
        .containsExactly(
            new CurrentModel(plans.find(SMALL).orElseThrow(), first, Optional.of(two)));
  }

  private Release release(int number, ModelVersion model) {
    return release(number, model, ReleaseShare.ALL);
  }

  private Release release(int number, ModelVersion model, ReleaseShare share) {
    Release release =
        Release.sign(
            SMALL,
            number,
            model.version(),
            model.hash(),
            share,
            TaskKeyPair.generate(new SecureRandom()));
    clock.advance(CurrentModels.AGE_MAX);
    assertThat(releases.release(release)).isInstanceOf(ReleaseOutcome.Released.class);
    return release;
  }

  /** The number of the release that a device is offered, or that nobody knows. */
  private int numberFor(@Nullable ClientId device) {
    List<CurrentModel> offered = current.of("test", KINDS, device);
    assertThat(offered).hasSize(1);
    CurrentModel only = offered.get(0);
    Release release = only.release().orElseThrow();
    assertThat(release.isOf(SMALL, only.model().version(), only.model().hash())).isTrue();
    return release.number();
  }

  /** The first device that one share of the plan has and another has not. */
  private static ClientId device(ReleaseShare in, @Nullable ReleaseShare notIn) {
    for (int i = 0; ; i++) {
      ClientId device = ClientId.ofIdentityKey(new byte[] {(byte) (i >> 8), (byte) i});
      if (in.includes(SMALL, device) && (notIn == null || !notIn.includes(SMALL, device))) {
        return device;
      }
    }
  }

  @Test
  void a_device_gets_the_newest_release_that_is_for_it_and_one_for_all_ends_those_before() {
    trained("small", 1, "test");
    ModelVersion first = models.latest(SMALL).orElseThrow();
    ModelVersion second = publish(SMALL);
    ReleaseShare tenth = new ReleaseShare(1_000);
    ReleaseShare half = new ReleaseShare(5_000);
    ClientId early = device(tenth, null);
    ClientId middle = device(half, tenth);
    ClientId late = device(ReleaseShare.ALL, half);
    List<@Nullable ClientId> devices = Arrays.asList(early, middle, late, null);

    release(1, first);
    assertThat(devices).extracting(this::numberFor).containsExactly(1, 1, 1, 1);

    release(2, second, tenth);
    assertThat(devices).extracting(this::numberFor).containsExactly(2, 1, 1, 1);

    release(3, second, half);
    assertThat(devices).extracting(this::numberFor).containsExactly(3, 3, 1, 1);

    release(4, second, tenth);
    assertThat(devices)
        .extracting(this::numberFor)
        .as("a smaller share takes nothing from those that it has not")
        .containsExactly(4, 3, 1, 1);

    release(5, first);
    assertThat(devices).extracting(this::numberFor).as("taken back").containsExactly(5, 5, 5, 5);

    release(6, second, half);
    release(7, second);
    assertThat(devices).extracting(this::numberFor).containsExactly(7, 7, 7, 7);
  }

  @Test
  void a_model_whose_publication_is_rolled_back_is_never_named() {
    trained("small", 1, "test");
    ModelVersion first = models.latest(SMALL).orElseThrow();
    long revision = models.revision();

    assertThatThrownBy(
            () ->
                database.doInTransaction(
                    transaction -> {
                      models.append(transaction, successor(first));
                      throw new IllegalStateException("the round did not end");
                    }))
        .hasMessage("the round did not end");

    assertThat(models.revision()).isEqualTo(revision);
    assertThat(current.of("test", KINDS).get(0).model()).isEqualTo(first);
  }

  @Test
  void names_the_plan_in_force_after_a_second() {
    trained("small", 1, "test");
    current.of("test", KINDS);
    TrainingPlan second = trained("small", 2, "test");
    clock.advance(CurrentModels.AGE_MAX);

    assertThat(current.of("test", KINDS).get(0).plan().hash()).isEqualTo(second.contentHash());
  }

  @Test
  void a_plan_whose_rounds_are_all_run_still_has_its_model() {
    trained("small", 1, "test");
    database.<Boolean>inTransaction(transaction -> plans.finish(transaction, SMALL, 1));

    assertThat(ids("test", KINDS)).containsExactly("small");
  }

  @Test
  void lists_the_plans_of_one_population_by_id_and_kind() {
    Catalogue catalogue = TestPlans.catalogue(3);
    artifacts.put(catalogue.toBytes());
    trained("small", 1, "test");
    trained("big", 1, "test");
    trained("another", 1, "elsewhere");
    plans.apply(PlanFile.parse(TestPlans.twoTower(catalogue), TestPlans.known(catalogue)));
    publish(new PlanId("shop"));

    assertThat(ids("test", KINDS)).containsExactly("big", "shop", "small");
    assertThat(ids("test", Set.of("two-tower", "unheard-of"))).containsExactly("shop");
    assertThat(ids("test", Set.of())).isEmpty();
    assertThat(ids("elsewhere", KINDS)).containsExactly("another");
  }

  @Test
  void answers_with_no_more_than_the_contract_allows() {
    for (int i = 0; i <= WireLimits.CURRENT_MODELS_MAX; i++) {
      trained("plan-%02d".formatted(i), 1, "test");
    }

    assertThat(ids("test", KINDS))
        .hasSize(WireLimits.CURRENT_MODELS_MAX)
        .startsWith("plan-00")
        .endsWith("plan-31");
  }

  @Test
  void asks_the_database_once_a_second_whatever_populations_are_named() {
    trained("small", 1, "test");
    current.of("test", KINDS);
    database.close();

    clock.advance(CurrentModels.AGE_MAX.minusMillis(1));
    assertThat(ids("test", KINDS)).containsExactly("small");
    assertThat(ids("nobody", KINDS)).isEmpty();

    clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> current.of("test", KINDS)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void a_clock_that_is_set_back_makes_no_answer_last_longer() {
    trained("small", 1, "test");
    current.of("test", KINDS);
    TrainingPlan second = trained("small", 2, "test");

    clock.advance(Duration.ofHours(-1));

    assertThat(current.of("test", KINDS).get(0).plan().hash()).isEqualTo(second.contentHash());
  }
}
