package io.tacit.simulation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Recency;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.models.TrainingRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  private static final List<Long> SEEDS = List.of(1L, 2L);

  private static InteractionDataSet data;

  @TempDir Path state;

  @BeforeAll
  static void generate() throws Exception {
    data =
        DataSetSource.parse("synthetic:media")
            .load(SampleData.msWebFile(), SyntheticSettings.of(60, 1));
  }

  /** Remembers what it is told. */
  private static final class Notes implements EvaluationListener {
    final List<String> computed = new ArrayList<>();
    final List<String> restored = new ArrayList<>();
    final List<ColdStartResult> coldStarts = new ArrayList<>();
    boolean coldStartRestored;
    long done;
    long total;

    @Override
    public void progress(String what, long doneUnits, long totalUnits) {
      assertThat(doneUnits).isBetween(done, totalUnits);
      done = doneUnits;
      total = totalUnits;
    }

    @Override
    public void finished(CellResult cell, boolean wasRestored) {
      (wasRestored ? restored : computed).add(cell.contender().label() + " " + cell.seed());
    }

    @Override
    public void finished(ColdStartResult result, boolean wasRestored) {
      coldStarts.add(result);
      coldStartRestored = wasRestored;
    }
  }

  @Test
  void newcomers_take_no_part_in_training_and_rank_with_their_first_events() throws Exception {
    QualitySettings settings =
        new QualitySettings(List.of(1L), 60, NegativeSampling.HONEST, true, 2);
    Notes first = new Notes();

    QualityReport report = Evaluation.of(data, settings, recipe(2), state).run(first);
    Notes again = new Notes();
    QualityReport same = Evaluation.of(data, settings, recipe(2), state).run(again);

    assertThat(report.coldStart())
        .extracting(ColdStartRow::system)
        .containsExactly(
            "first 0 events",
            "first 1 event",
            "first 3 events",
            "first 5 events",
            "item popularity",
            "as devices that trained");
    assertThat(first.coldStarts).extracting(ColdStartResult::newcomers).containsExactly(6);
    assertThat(first.done).isEqualTo(first.total);
    assertThat(again.coldStartRestored).isTrue();
    assertThat(same.coldStart()).isEqualTo(report.coldStart());
  }

  @Test
  void measures_every_contender_on_every_seed_beside_chance_and_popularity() throws Exception {
    Notes notes = new Notes();

    QualityReport report = evaluation(NegativeSampling.HONEST, recipe(3)).run(notes);

    assertThat(report.rows()).extracting(QualityRow::contender).containsExactly(Contender.values());
    assertThat(notes.computed).hasSize(2 * Contender.values().length);
    assertThat(notes.done).isEqualTo(notes.total);
    assertThat(report.cells())
        .filteredOn(cell -> cell.contender() == Contender.FEDERATED)
        .allSatisfy(cell -> assertThat(cell.curve()).hasSize(2))
        .allSatisfy(cell -> assertThat(cell.chosen()).matches("round [23]"));
    QualityRow popularity = report.row(Contender.POPULARITY).orElseThrow();
    assertThat(popularity.overPopularity().mean()).isZero();
    assertThat(popularity.sampledHitRate().errorOverSeeds()).isPresent();
    assertThat(report.row(Contender.NO_COLLABORATION).orElseThrow().sampledHitRate().mean())
        .isCloseTo(report.chance().hitRate(), within(0.08));
    assertThat(report.rules())
        .contains(
            "Ties count against the model: an item of equal score ranks above the test item.");
    assertThat(report.isHonest()).isTrue();
  }

  @Test
  void goes_on_where_it_was_and_comes_to_the_same_figures() throws Exception {
    QualityReport first = evaluation(NegativeSampling.HONEST, recipe(2)).run(new Notes());
    Files.delete(cell("federated-seed-2"));
    Path damaged = cell("ease-seed-1");
    Files.writeString(
        damaged, Files.readString(damaged).replace("validation 0.", "validation 0.9"));

    Notes notes = new Notes();
    QualityReport second = evaluation(NegativeSampling.HONEST, recipe(2)).run(notes);

    assertThat(notes.computed).containsExactlyInAnyOrder("federated 2", "ease 1");
    assertThat(notes.restored).hasSize(2 * Contender.values().length - 2);
    assertThat(second.rows()).isEqualTo(first.rows());
  }

  @Test
  void takes_no_cell_of_another_recipe_sampler_or_number_of_users_for_its_own() throws Exception {
    evaluation(NegativeSampling.HONEST, recipe(2)).run(new Notes());

    Notes otherRecipe = new Notes();
    evaluation(NegativeSampling.HONEST, recipe(1)).run(otherRecipe);
    assertThat(otherRecipe.computed)
        .containsExactly(
            "federated 1", "central 1", "local-only 1", "federated 2", "central 2", "local-only 2");

    Notes otherSampler = new Notes();
    evaluation(NegativeSampling.PAPERS_SAMPLER, recipe(1)).run(otherSampler);
    assertThat(otherSampler.computed)
        .hasSize(8)
        .contains("no-collaboration 1", "federated 1")
        .doesNotContain("ease 1", "popularity 1");

    Notes fewerUsers = new Notes();
    Evaluation.of(
            data, new QualitySettings(SEEDS, 40, NegativeSampling.HONEST, 2), recipe(1), state)
        .run(fewerUsers);
    assertThat(fewerUsers.restored).isEmpty();
  }

  @Test
  void under_the_papers_sampler_no_collaboration_looks_perfect_and_the_report_says_why()
      throws Exception {
    QualityReport report = evaluation(NegativeSampling.PAPERS_SAMPLER, recipe(1)).run(new Notes());

    assertThat(report.isHonest()).isFalse();
    assertThat(report.rules()).contains(QualityReport.NOT_COMPARABLE);
    assertThat(report.row(Contender.NO_COLLABORATION).orElseThrow().sampledHitRate().mean())
        .isGreaterThan(0.8);
  }

  @Test
  void leaves_the_table_of_last_positions_out_where_nothing_says_what_came_last() throws Exception {
    InteractionDataSet untimed = SampleData.msWeb();

    assertThat(
            Evaluation.of(
                    untimed,
                    new QualitySettings(List.of(1L), 50, NegativeSampling.HONEST, 2),
                    recipe(1),
                    state)
                .contenders())
        .doesNotContain(Contender.LAST_POSITION)
        .contains(Contender.EASE);
  }

  @Test
  void refuses_a_cohort_above_the_users() {
    TrainingRecipe recipe = recipe(2);
    TrainingRecipe large =
        new TrainingRecipe(
            recipe.kind(),
            recipe.dimension(),
            List.of(),
            true,
            recipe.recency(),
            2,
            61,
            recipe.client(),
            recipe.server());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> evaluation(NegativeSampling.HONEST, large))
        .withMessage(
            "--cohort is 61, must be at most 60, the users of this data with enough items; lower"
                + " it");
  }

  @Test
  void settings_out_of_range_are_named() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QualitySettings(List.of(), 50, NegativeSampling.HONEST, 5))
        .withMessage("the number of --seeds is 0, must be 1 to 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QualitySettings(List.of(4L, 4L), 50, NegativeSampling.HONEST, 5))
        .withMessage("--seeds are [4, 4], must be different from each other");
  }

  private Evaluation evaluation(NegativeSampling sampling, TrainingRecipe recipe) {
    return Evaluation.of(data, new QualitySettings(SEEDS, 60, sampling, 2), recipe, state);
  }

  private static TrainingRecipe recipe(int rounds) {
    TrainingRecipe usual =
        TrainingRecipe.usual(TrainingRecipe.Kind.TWO_TOWER, HonestSplit.of(data, 1));
    ClientSettings client = usual.client();
    return new TrainingRecipe(
        usual.kind(),
        8,
        List.of(),
        true,
        Recency.NONE,
        rounds,
        TrainingRecipe.EVERYBODY,
        client,
        usual.server());
  }

  private Path cell(String beginning) throws Exception {
    try (Stream<Path> files = Files.list(state)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(beginning))
          .findFirst()
          .orElseThrow();
    }
  }
}
