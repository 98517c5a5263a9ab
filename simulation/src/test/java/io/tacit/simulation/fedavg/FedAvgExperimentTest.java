package io.tacit.simulation.fedavg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.simulation.data.LabelledImages;
import io.tacit.simulation.fedavg.FedAvgExperiment.Choice;
import io.tacit.testing.IdxFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FedAvgExperimentTest {

  private static final FedAvgSettings SETTINGS =
      new FedAvgSettings(20, 0.25, 1, 10, 0.1, 0.1, 8, 8, 1.6, 0.3, 1);

  /** Images of all tests but one, and what was finished on them. */
  @TempDir static Path shared;

  /** Computed once, whichever test asks first: the same choice gives the same run. */
  private static final Map<Choice, FedAvgRun> RUNS = new HashMap<>();

  @TempDir Path directory;

  @BeforeAll
  static void writeImages() throws Exception {
    IdxFiles.write(shared, 600, 200, 1);
  }

  @Test
  void averaging_learns_in_fewer_rounds_than_single_steps() throws Exception {
    FedAvgRun averaging = run(Method.FEDAVG, Partition.IID);
    FedAvgRun steps = run(Method.FEDSGD, Partition.IID);

    assertThat(averaging.curve()).hasSize(8);
    assertThat(averaging.lastAccuracy()).isGreaterThan(0.95);
    assertThat(averaging.contributors()).isEqualTo(5);
    assertThat(averaging.roundsTo(1.01)).isEmpty();
    assertThat(averaging.curve().get(0).accuracy())
        .as("a round of three steps on each device, against one of one step")
        .isGreaterThan(steps.curve().get(0).accuracy() + 0.1);
    assertThat(averaging.roundsTo(0.9).getAsInt()).isLessThan(steps.roundsTo(0.9).getAsInt());
  }

  @Test
  void averaging_over_devices_of_two_classes_each_learns_all_ten() throws Exception {
    // A model that knows the classes of one cohort only has at most .5 on average.
    assertThat(run(Method.FEDAVG, Partition.TWO_SHARDS).lastAccuracy()).isGreaterThan(0.7);
  }

  @Test
  void nothing_is_learnt_from_labels_of_chance() throws Exception {
    IdxFiles.writeWithLabelsOfChance(directory, 600, 200, 1);

    FedAvgRun run =
        new FedAvgExperiment(LabelledImages.read(directory), SETTINGS, directory.resolve("state"))
            .run(List.of(new Choice(Method.FEDAVG, Partition.IID, 1)), new Heard())
            .get(0);

    // Five standard errors of 200 images around one in ten.
    assertThat(run.lastAccuracy()).isBetween(0.0, 0.21);
  }

  @Test
  void rounds_go_on_without_those_whose_app_is_closed() throws Exception {
    FedAvgSettings four = new FedAvgSettings(20, 0.25, 1, 10, 0.1, 0.1, 4, 4, 1.6, 0.3, 1);
    // Where four of the eight close their app at once, nobody takes the fifth seat.
    DeadlineSettings soon =
        new DeadlineSettings(Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofSeconds(5));
    FedAvgRun run =
        new FedAvgExperiment(LabelledImages.read(shared), four, directory.resolve("state"), soon)
            .run(List.of(new Choice(Method.FEDAVG_DROPOUT, Partition.IID, 1)), new Heard())
            .get(0);

    // Of 8 assigned the first 5 are seated, of whom about one closes the app before it sends.
    assertThat(run.curve()).hasSize(4);
    assertThat(run.contributors()).isBetween(2.5, 4.99);
    assertThat(run.lastAccuracy()).isGreaterThan(0.8);
  }

  @Test
  void what_is_finished_is_not_done_again() throws Exception {
    FedAvgRun first = run(Method.FEDAVG, Partition.IID);

    Heard heard = new Heard();
    List<FedAvgRun> again =
        experiment(SETTINGS).run(List.of(new Choice(Method.FEDAVG, Partition.IID, 1)), heard);

    assertThat(again).containsExactly(first);
    assertThat(heard.restored).containsExactly(true);
    assertThat(heard.rounds).isZero();
  }

  @Test
  void a_damaged_file_and_other_settings_are_no_finished_run() throws Exception {
    FedAvgSettings short3 = new FedAvgSettings(20, 0.25, 1, 10, 0.1, 0.1, 3, 3, 1.6, 0.3, 1);
    Choice choice = new Choice(Method.FEDAVG, Partition.IID, 1);
    Path state = directory.resolve("state");
    experiment(short3, state).run(List.of(choice), new Heard());
    Path file;
    try (var files = Files.list(state)) {
      file = files.findFirst().orElseThrow();
    }
    Files.writeString(file, Files.readString(file).replaceFirst("point 3", "point 4"));

    Heard heard = new Heard();
    List<FedAvgRun> again = experiment(short3, state).run(List.of(choice), heard);
    assertThat(heard.restored).containsExactly(false);
    assertThat(again.get(0).curve()).extracting(FedAvgRun.Point::round).containsExactly(1, 2, 3);

    Heard other = new Heard();
    experiment(new FedAvgSettings(20, 0.25, 1, 10, 0.2, 0.1, 3, 3, 1.6, 0.3, 1), state)
        .run(List.of(choice), other);
    assertThat(other.restored).containsExactly(false);
  }

  @Test
  void the_same_seed_gives_the_same_curve() throws Exception {
    FedAvgRun first = run(Method.FEDAVG, Partition.TWO_SHARDS);

    FedAvgRun second =
        experiment(SETTINGS, directory.resolve("other-state"))
            .run(List.of(new Choice(Method.FEDAVG, Partition.TWO_SHARDS, 1)), new Heard())
            .get(0);

    assertThat(second.curve()).isEqualTo(first.curve());
  }

  @Test
  void settings_out_of_range_are_refused_by_the_name_of_their_option() {
    assertThatThrownBy(() -> new FedAvgSettings(20, 0, 1, 10, 0.1, 0.1, 8, 8, 1, 0, 1))
        .hasMessage("--share is 0, must be above 0 to 1");
    assertThatThrownBy(() -> new FedAvgSettings(20, 0.25, 1, 10, 0.1, 0.1, 8, 8, 1, 0.31, 1))
        .hasMessage("--dropout is 0.31, must be 0 to 0.3");
    assertThatThrownBy(() -> new FedAvgSettings(20, 0.9, 1, 10, 0.1, 0.1, 8, 8, 1.3, 0, 1))
        .hasMessage(
            "--share is 0.9, must leave room for --over-selection 1.3 among 20 clients; lower it");
  }

  private static FedAvgRun run(Method method, Partition partition) throws Exception {
    Choice choice = new Choice(method, partition, 1);
    FedAvgRun run = RUNS.get(choice);
    if (run == null) {
      run = experiment(SETTINGS).run(List.of(choice), new Heard()).get(0);
      RUNS.put(choice, run);
    }
    return run;
  }

  private static FedAvgExperiment experiment(FedAvgSettings settings) throws Exception {
    return experiment(settings, shared.resolve("state"));
  }

  private static FedAvgExperiment experiment(FedAvgSettings settings, Path state) throws Exception {
    return new FedAvgExperiment(LabelledImages.read(shared), settings, state);
  }

  private static final class Heard implements FedAvgListener {

    private final List<Boolean> restored = new ArrayList<>();
    private int rounds;

    @Override
    public void progress(String what, long done, long total) {
      rounds++;
    }

    @Override
    public void finished(FedAvgRun run, boolean wasRestored) {
      restored.add(wasRestored);
    }
  }
}
