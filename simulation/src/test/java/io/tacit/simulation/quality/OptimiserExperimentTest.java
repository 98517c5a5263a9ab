package io.tacit.simulation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.TrainingRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimiserExperimentTest {

  private static InteractionDataSet data;
  private static TrainingRecipe recipe;

  @TempDir Path state;

  @BeforeAll
  static void generate() throws Exception {
    data =
        DataSetSource.parse("synthetic:media")
            .load(SampleData.msWebFile(), SyntheticSettings.of(30, 1));
    TrainingRecipe usual = TrainingRecipe.usualFor(HonestSplit.of(data, 1, 30));
    recipe =
        new TrainingRecipe(
            usual.kind(),
            4,
            List.of(),
            false,
            usual.recency(),
            2,
            usual.cohort(),
            usual.client(),
            usual.server());
  }

  private OptimiserExperiment experiment(double target) {
    return new OptimiserExperiment(
        data, recipe, new OptimiserExperiment.Terms(List.of(1L), 30, List.of(10), target), state);
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(state)) {
      return files.sorted().toList();
    }
  }

  @Test
  void tries_every_rule_keeps_what_is_finished_and_does_the_rest() throws Exception {
    List<String> told = new ArrayList<>();
    List<OptimiserExperiment.Row> rows =
        experiment(1).run((what, done, total) -> told.add(done + "/" + total));
    List<Path> finished = files();

    assertThat(rows)
        .extracting(OptimiserExperiment.Row::group)
        .containsExactly(
            "mean, 1 local pass",
            "scaled-mean, 1 local pass",
            "fed-adagrad, 1 local pass",
            "fed-adam, 1 local pass",
            "fed-adam, 5 local passes",
            "fed-adam, 5 local passes, FedProx 1",
            "fed-adam, 5 local passes, FedProx 10");
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.testRounds()).as("nothing is perfect").isEmpty())
        .allSatisfy(row -> assertThat(row.bestHitRate()).isBetween(0.0, 1.0));
    assertThat(told).hasSize(OptimiserArm.all().size()).endsWith(told.size() + "/" + told.size());
    assertThat(finished).hasSameSizeAs(told);

    String kept = Files.readString(finished.get(3));
    Files.writeString(finished.get(3), kept.replaceFirst("curve 2 ", "curve 1 "));
    Files.delete(finished.get(5));

    assertThat(experiment(1).run((what, done, total) -> {})).isEqualTo(rows);
    assertThat(files()).isEqualTo(finished);
    assertThat(Files.readString(finished.get(3))).as("damaged, done again").isEqualTo(kept);
  }

  @Test
  void stops_a_training_that_has_arrived_and_counts_its_rounds() throws Exception {
    List<OptimiserExperiment.Row> rows = experiment(0.01).run((what, done, total) -> {});

    assertThat(rows)
        .allSatisfy(row -> assertThat(row.validationRounds()).hasValue(1.0))
        .allSatisfy(row -> assertThat(row.testRounds()).hasValue(1.0));
    assertThat(files())
        .allSatisfy(
            file ->
                assertThat(Files.readAllLines(file).stream().filter(l -> l.startsWith("curve ")))
                    .hasSize(1));
  }

  @Test
  void refuses_a_target_and_cohorts_that_are_out_of_reach() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> experiment(1.5))
        .withMessage("--target is 1.5, must be above 0 and at most 1; 0.6 is usual on ML-100K");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new OptimiserExperiment(
                    data,
                    recipe,
                    new OptimiserExperiment.Terms(List.of(1L), 30, List.of(31), 0.5),
                    state))
        .withMessage("--cohorts has 31, must be at most the 30 users; lower it");
  }

  @Test
  void an_arm_changes_server_and_passes_and_nothing_else() {
    OptimiserArm arm = new OptimiserArm(ServerOptimiserSettings.Kind.FED_ADAGRAD, 0.3, 5, 10);
    TrainingRecipe recent = TrainingRecipe.usualFor(HonestSplit.of(SampleData.sequences(300), 1));
    assertThat(recent.recency().isNone()).isFalse();

    TrainingRecipe tried = arm.applyTo(recipe);

    assertThat(tried.server().kind()).isEqualTo(ServerOptimiserSettings.Kind.FED_ADAGRAD);
    assertThat(tried.server().beta1()).as("without momentum").isZero();
    assertThat(tried.client().proximal()).isEqualTo(10);
    assertThat(tried.client().learningRate() * 5).isEqualTo(recipe.client().learningRate());
    assertThat(tried.client().clipNorm()).isEqualTo(recipe.client().clipNorm());
    assertThat(tried.dimension()).isEqualTo(recipe.dimension());
    assertThat(arm.applyTo(recent).recency()).isEqualTo(recent.recency());
  }
}
