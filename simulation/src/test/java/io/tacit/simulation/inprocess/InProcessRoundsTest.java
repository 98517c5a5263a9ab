package io.tacit.simulation.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.Cohorts;
import io.tacit.simulation.population.Population;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InProcessRoundsTest {

  private static final long SEED = 7;

  private ScratchDirectory scratch;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = ScratchDirectory.create("tacit-test-");
  }

  @AfterEach
  void deleteScratch() throws IOException {
    scratch.close();
  }

  @Test
  void a_round_takes_every_device_of_its_cohort_and_publishes_one_version() throws Exception {
    ScenarioPlan scenario = scenario(24, 10, 2, ServerOptimiserSettings.Kind.FED_ADAM);
    try (InProcessRounds rounds = start(scenario, 24, "one", new PortableEngine())) {
      ModelParameters before = rounds.model();
      InProcessRounds.CompletedRound first = rounds.runRound();
      assertThat(first.number()).isEqualTo(1);
      assertThat(first.participants()).isEqualTo(10);
      assertThat(first.bytesUp()).isEqualTo(10L * (64 + 4 * scenario.plan().parameters()));
      assertThat(rounds.model()).isNotEqualTo(before);
      assertThat(rounds.runRound().number()).isEqualTo(2);
    }
  }

  @Test
  void the_same_seed_gives_the_same_model_bit_for_bit() throws Exception {
    ScenarioPlan scenario = scenario(30, 20, 3, ServerOptimiserSettings.Kind.FED_ADAM);
    List<ModelParameters> models = new ArrayList<>();
    for (String run : List.of("first", "second")) {
      try (InProcessRounds rounds = start(scenario, 30, run, new PortableEngine())) {
        for (int i = 0; i < 3; i++) {
          rounds.runRound();
        }
        models.add(rounds.model());
      }
    }
    assertThat(models.get(1).contentHash()).isEqualTo(models.get(0).contentHash());
  }

  @Test
  void secure_sums_make_the_same_models_as_plain_ones_bit_for_bit() throws Exception {
    List<ModelParameters> models = new ArrayList<>();
    for (AggregationSettings.Mode mode : AggregationSettings.Mode.values()) {
      ScenarioPlan scenario =
          ScenarioPlan.twoTower(data(30), new ScenarioPlan.Choice(3, 24, 1, SEED, mode));
      try (InProcessRounds rounds = start(scenario, 30, mode.name(), new PortableEngine())) {
        for (int i = 0; i < 3; i++) {
          InProcessRounds.CompletedRound round = rounds.runRound();
          assertThat(round.participants()).isEqualTo(24);
          assertThat(round.shards()).hasSize(mode == AggregationSettings.Mode.SECURE ? 2 : 1);
        }
        models.add(rounds.model());
      }
    }
    assertThat(models.get(1).contentHash()).isEqualTo(models.get(0).contentHash());
  }

  @Test
  void one_client_with_full_participation_equals_local_training_within_a_step_of_the_scale()
      throws Exception {
    ScenarioPlan scenario = scenario(24, 1, 1, ServerOptimiserSettings.Kind.MEAN);
    RecordingEngine engine = new RecordingEngine();
    try (InProcessRounds rounds = start(scenario, 24, "single", engine)) {
      float[] start = rounds.model().toArray();
      rounds.runRound();
      float[] local = engine.deltas.get(0).toArray();
      double step = 1 / scenario.plan().updateFormat().scale();
      for (int i = 0; i < start.length; i++) {
        // Half an ulp of the float sum comes on top of the fixed-point step.
        double tolerance = step + Math.ulp(start[i]);
        assertThat((double) rounds.model().get(i))
            .as("parameter %d", i)
            .isCloseTo((double) start[i] + local[i], within(tolerance));
      }
      assertThat(engine.deltas).hasSize(1);
    }
  }

  @Test
  void the_mean_of_a_cohort_is_the_mean_of_its_local_trainings() throws Exception {
    int cohort = 8;
    ScenarioPlan scenario = scenario(24, cohort, 1, ServerOptimiserSettings.Kind.MEAN);
    RecordingEngine engine = new RecordingEngine();
    try (InProcessRounds rounds = start(scenario, 24, "mean", engine)) {
      float[] start = rounds.model().toArray();
      rounds.runRound();
      assertThat(engine.deltas).hasSize(cohort);
      double step = 1 / scenario.plan().updateFormat().scale();
      for (int i = 0; i < start.length; i++) {
        double mean = 0;
        for (ParameterDelta delta : engine.deltas) {
          mean += (double) delta.toArray()[i] / cohort;
        }
        assertThat((double) rounds.model().get(i))
            .as("parameter %d", i)
            .isCloseTo(start[i] + mean, within(step + 2 * Math.ulp(start[i]) + 1e-7));
      }
    }
  }

  @Test
  void a_cohort_above_the_population_is_refused() {
    ScenarioPlan scenario = scenario(24, 24, 1, ServerOptimiserSettings.Kind.MEAN);
    assertThatThrownBy(() -> start(scenario, 20, "small", new PortableEngine()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cohort is 24, must be at most the 20 devices; lower --cohort or raise --devices");
  }

  @Test
  void of_more_devices_than_seats_the_first_take_part_and_the_others_are_left_out()
      throws Exception {
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(data(30), new ScenarioPlan.Choice(3, 10, 1.5, SEED));
    RecordingEngine engine = new RecordingEngine();
    HonestSplit split = HonestSplit.of(data(30), SEED);
    try (InProcessRounds rounds =
        InProcessRounds.start(
            scenario.plan(),
            scenario.catalogue(),
            (directory, parts) ->
                Population.of(split, directory, parts, Population.Chance.SEEDED, SEED),
            engine,
            SEED,
            scratch.path().resolve("many"),
            Cohorts.Attendance.WHOEVER_COMES)) {
      for (int round = 1; round <= 3; round++) {
        InProcessRounds.CompletedRound completed = rounds.runRound();
        assertThat(completed.number()).isEqualTo(round);
        assertThat(completed.participants()).isEqualTo(10);
        assertThat(completed.dropped()).isZero();
        assertThat(engine.deltas).as("all who were assigned trained").hasSize(15 * round);
      }
    }
  }

  static Stream<Error> errors() {
    return Stream.of(
        new OutOfMemoryError("Java heap space"), new AssertionError("this can not happen"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  @Timeout(60)
  void an_error_on_one_device_ends_the_run_with_that_error_while_the_others_wait_for_it(Error error)
      throws Exception {
    ScenarioPlan scenario = scenario(24, 20, 1, ServerOptimiserSettings.Kind.MEAN);
    AtomicInteger trainings = new AtomicInteger();
    TrainingEngine failing =
        task -> {
          if (trainings.incrementAndGet() == 10) {
            throw error;
          }
          return new PortableEngine().train(task);
        };
    try (InProcessRounds rounds = start(scenario, 24, "error", failing)) {
      assertThatThrownBy(rounds::runRound).isSameAs(error);
    }
  }

  @Test
  @Timeout(60)
  void a_device_that_can_not_train_ends_the_run_while_the_others_wait_for_it() throws Exception {
    ScenarioPlan scenario = scenario(24, 20, 1, ServerOptimiserSettings.Kind.MEAN);
    AtomicInteger asked = new AtomicInteger();
    TrainingEngine refusing =
        new TrainingEngine() {
          @Override
          public Optional<String> refusal(TrainingTask task) {
            return asked.incrementAndGet() == 10 ? Optional.of("no room") : Optional.empty();
          }

          @Override
          public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
            return new PortableEngine().train(task);
          }
        };
    try (InProcessRounds rounds = start(scenario, 24, "refused", refusing)) {
      assertThatThrownBy(rounds::runRound)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a device did not contribute")
          .hasMessageContaining("no room");
    }
  }

  @Test
  void no_more_devices_train_at_once_than_there_are_processors() throws Exception {
    ScenarioPlan scenario = scenario(24, 24, 1, ServerOptimiserSettings.Kind.MEAN);
    AtomicInteger training = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    TrainingEngine engine =
        task -> {
          most.accumulateAndGet(training.incrementAndGet(), Math::max);
          TrainingResult result = new PortableEngine().train(task);
          training.decrementAndGet();
          return result;
        };
    try (InProcessRounds rounds = start(scenario, 24, "gate", engine)) {
      assertThat(rounds.runRound().participants()).isEqualTo(24);
    }
    assertThat(most.get()).isBetween(1, Runtime.getRuntime().availableProcessors());
  }

  private InProcessRounds start(
      ScenarioPlan scenario, int users, String name, TrainingEngine engine) throws Exception {
    return InProcessRounds.start(
        scenario.plan(),
        scenario.catalogue(),
        HonestSplit.of(data(users), SEED),
        engine,
        SEED,
        scratch.path().resolve(name));
  }

  private static ScenarioPlan scenario(
      int users, int cohort, int rounds, ServerOptimiserSettings.Kind kind) {
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(data(users), new ScenarioPlan.Choice(rounds, cohort, 1, SEED));
    TrainingPlan plan = scenario.plan();
    double rate = kind == ServerOptimiserSettings.Kind.MEAN ? 1 : 0.1;
    return new ScenarioPlan(
        new TrainingPlan(
            plan.id(),
            plan.version(),
            plan.population(),
            plan.model(),
            plan.features(),
            // A bound that no update reaches, so that what comes out is what was trained.
            new io.tacit.protocol.plan.ClientSettings(
                plan.client().optimiser(), 0.1, 1, 0, 4, 50, 2, 1_000, true, 0),
            plan.cohort(),
            plan.deadlines(),
            new ServerOptimiserSettings(kind, rate, 0.9, 0.99, 1e-3),
            plan.aggregation(),
            plan.evaluation(),
            plan.rounds()),
        scenario.catalogue());
  }

  private static InteractionDataSet data(int users) {
    try {
      return DataSetSource.parse("synthetic:news")
          .load(Path.of("unused"), SyntheticSettings.of(users, SEED));
    } catch (io.tacit.simulation.data.DataSetException e) {
      throw new AssertionError("generated data needs no file", e);
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  /** The portable engine, which remembers what it trained. */
  private static final class RecordingEngine implements TrainingEngine {

    private final TrainingEngine engine = new PortableEngine();
    private final List<ParameterDelta> deltas = Collections.synchronizedList(new ArrayList<>());

    @Override
    public TrainingResult train(TrainingTask task) throws TrainingDivergedException {
      TrainingResult result = engine.train(task);
      deltas.add(result.delta());
      return result;
    }
  }
}
