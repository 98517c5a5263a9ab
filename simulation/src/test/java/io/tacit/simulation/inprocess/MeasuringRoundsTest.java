package io.tacit.simulation.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingEngine;
import io.tacit.coordinator.metrics.Measured;
import io.tacit.coordinator.metrics.MetricSums;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that measure, in rounds of secure aggregation, with exact sums. */
class MeasuringRoundsTest {

  private static final long SEED = 7;
  private static final int DEVICES = 64;

  private final List<ParameterDelta> trained = Collections.synchronizedList(new ArrayList<>());
  private final TrainingEngine engine =
      task -> {
        var result = new PortableEngine().train(task);
        trained.add(result.delta());
        return result;
      };

  private ScratchDirectory scratch;
  private int runs;

  @BeforeEach
  void makeScratch() throws IOException {
    scratch = ScratchDirectory.create("tacit-test-");
  }

  @AfterEach
  void deleteScratch() throws IOException {
    scratch.close();
  }

  @Test
  void devices_that_are_held_back_take_part_and_never_change_the_model() throws Exception {
    ScenarioPlan scenario = measuring(0.3);
    try (InProcessRounds rounds = start(scenario)) {
      float[] start = rounds.model().toArray();
      InProcessRounds.CompletedRound round = rounds.runRound();

      assertThat(round.participants()).isEqualTo(DEVICES);
      assertThat(round.bytesUp())
          .as("three lanes for each of two groups")
          .isEqualTo(4L * DEVICES * (WireLimits.HEADER_LANES + scenario.plan().parameters() + 6));
      // Four standard deviations of a binomial distribution are 15.
      assertThat(DEVICES - trained.size()).as("held back").isBetween(4, 34);
      double step = 1 / scenario.plan().updateFormat().scale();
      for (int i = 0; i < start.length; i++) {
        double mean = 0;
        for (ParameterDelta delta : trained) {
          mean += (double) delta.toArray()[i] / trained.size();
        }
        // All that are held back weigh together less than a thousandth of one that trains.
        assertThat((double) rounds.model().get(i))
            .as("parameter %d", i)
            .isCloseTo(
                start[i] + mean,
                within(step + 2 * Math.ulp(start[i]) + 1e-7 + 1e-4 * Math.abs(mean)));
      }
    }
  }

  @Test
  void a_device_is_held_back_in_every_round_or_in_none() throws Exception {
    try (InProcessRounds rounds = start(measuring(0.3))) {
      rounds.runRound();
      int first = trained.size();
      rounds.runRound();
      rounds.runRound();

      assertThat(trained).hasSize(3 * first);
    }
  }

  @Test
  void every_device_that_holds_something_back_remembers_each_model_that_it_reported_on()
      throws Exception {
    ScenarioPlan scenario = measuring(0.3);
    try (InProcessRounds rounds = start(scenario)) {
      ContentHash first = rounds.model().contentHash();
      rounds.runRound();
      ContentHash second = rounds.model().contentHash();

      int reports = reportsOn(scenario.plan(), first);
      assertThat(reports)
          .as("those that are held back, and most others")
          .isBetween(DEVICES - trained.size(), DEVICES)
          .isGreaterThan(DEVICES / 2);
      assertThat(reportsOn(scenario.plan(), second)).isZero();
      rounds.runRound();
      assertThat(reportsOn(scenario.plan(), first)).isEqualTo(reports);
      assertThat(reportsOn(scenario.plan(), second)).isEqualTo(reports);
    }
  }

  @Test
  void the_coordinator_keeps_the_sums_of_what_devices_reported_for_the_model_that_they_measured()
      throws Exception {
    ScenarioPlan scenario = measuring(0.3);
    try (InProcessRounds rounds = start(scenario)) {
      ContentHash first = rounds.model().contentHash();
      rounds.runRound();
      int heldBack = DEVICES - trained.size();
      int reports = reportsOn(scenario.plan(), first);

      assertThat(rounds.measured())
          .extracting(Measured::group)
          .containsExactly("held-back", "training");
      assertThat(rounds.measured()).extracting(Measured::version).containsOnly(0);
      assertThat(sums(rounds.measured().get(0).first()).devices()).isEqualTo(heldBack);
      assertThat(sums(rounds.measured().get(1).first()).devices()).isEqualTo(reports - heldBack);
      for (Measured group : rounds.measured()) {
        assertThat(group.noiseVariance()).isZero();
        assertThat(sums(group.first()).mean()).as("HR@10 of %s", group.group()).isBetween(0.0, 1.0);
        assertThat(sums(group.second()).mean())
            .as("NDCG@10, which is at most HR@10")
            .isBetween(0.0, sums(group.first()).mean());
      }
      rounds.runRound();
      assertThat(rounds.measured()).extracting(Measured::version).containsExactly(1, 1, 0, 0);
    }
  }

  /** Of a group that is large enough to be shown. */
  private static MetricSums sums(@Nullable MetricSums shown) {
    return Objects.requireNonNull(shown);
  }

  /** What is measured has no influence on what is learnt. */
  @Test
  void the_models_are_those_of_a_plan_that_holds_back_and_does_not_measure() throws Exception {
    List<ModelParameters> models = new ArrayList<>();
    ScenarioPlan measuring = measuring(0);
    TrainingPlan plan = measuring.plan();
    ScenarioPlan silent =
        new ScenarioPlan(
            with(plan, new EvaluationSettings(plan.evaluation().validationShare())),
            measuring.catalogue());
    for (ScenarioPlan scenario : List.of(measuring, silent)) {
      try (InProcessRounds rounds = start(scenario)) {
        rounds.runRound();
        rounds.runRound();
        models.add(rounds.model());
      }
    }

    assertThat(models.get(0).contentHash()).isEqualTo(models.get(1).contentHash());
  }

  private int reportsOn(TrainingPlan plan, ContentHash model) throws IOException {
    int reports = 0;
    try (Stream<Path> devices = Files.list(latest().resolve("devices"))) {
      for (Path device : devices.toList()) {
        RoundLatch latch = new RoundLatch(DeviceStorage.open(device));
        reports += latch.mayReport(plan.id(), model) ? 0 : 1;
      }
    }
    return reports;
  }

  private Path latest() {
    return scratch.path().resolve("run-" + runs);
  }

  private InProcessRounds start(ScenarioPlan scenario) throws IOException {
    runs++;
    return InProcessRounds.start(
        scenario.plan(),
        scenario.catalogue(),
        HonestSplit.of(data(), SEED),
        engine,
        SEED,
        latest());
  }

  /** Every device takes part in every round, in two shards. */
  private static ScenarioPlan measuring(double heldBackShare) {
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(
            data(), new ScenarioPlan.Choice(3, DEVICES, 1, SEED, AggregationSettings.Mode.SECURE));
    MetricSettings metrics =
        new MetricSettings(
            heldBackShare,
            List.of(),
            10,
            0,
            PrivacySettings.Budget.UNLIMITED,
            new MetricSettings.ReleaseBound(0.02, 10, 1));
    return new ScenarioPlan(
        with(scenario.plan(), new EvaluationSettings(0.2, metrics)), scenario.catalogue());
  }

  /** With a bound that no update reaches and the plain mean, so that what comes out was trained. */
  private static TrainingPlan with(TrainingPlan plan, EvaluationSettings evaluation) {
    return new TrainingPlan(
        plan.id(),
        plan.version(),
        plan.population(),
        plan.model(),
        plan.features(),
        new ClientSettings(plan.client().optimiser(), 0.1, 1, 0, 4, 50, 2, 1_000, true, 0),
        plan.cohort(),
        plan.deadlines(),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 1e-3),
        plan.aggregation(),
        evaluation,
        plan.rounds());
  }

  private static InteractionDataSet data() {
    try {
      return DataSetSource.parse("synthetic:news")
          .load(Path.of("unused"), SyntheticSettings.of(DEVICES, SEED));
    } catch (DataSetException e) {
      throw new AssertionError("generated data needs no file", e);
    }
  }
}
