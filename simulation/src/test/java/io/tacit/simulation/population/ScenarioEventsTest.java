package io.tacit.simulation.population;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.behaviour.FileBehaviourStore;
import io.tacit.client.behaviour.Retention;
import io.tacit.client.features.BehaviourExamples;
import io.tacit.client.features.FeatureEncoder;
import io.tacit.client.features.InputOutcome;
import io.tacit.client.model.TabularPredictor;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.Scenario;
import io.tacit.simulation.data.SyntheticSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plans in deploy/plans that are named after scenarios, on events of these scenarios. */
class ScenarioEventsTest {

  /** These plans name none. */
  static final CatalogueLookup NO_CATALOGUES =
      new CatalogueLookup() {
        @Override
        public Optional<Catalogue> find(ContentHash hash) {
          return Optional.empty();
        }

        @Override
        public Optional<Catalogue> file(String path) {
          return Optional.empty();
        }
      };

  private static final int USERS = 160;
  private static final int NEW_USERS = 40;
  private static final long SEED = 7;

  @TempDir Path directory;

  private static TrainingPlan plan(Scenario scenario) throws IOException {
    Path file =
        Path.of(System.getProperty("tacit.root"), "deploy/plans", scenario.label() + ".yaml");
    return PlanFile.parse(Files.readString(file), NO_CATALOGUES);
  }

  private static InteractionDataSet data(Scenario scenario) throws Exception {
    return new DataSetSource.Synthetic(scenario)
        .load(Path.of("unused"), SyntheticSettings.of(USERS + NEW_USERS, SEED));
  }

  @ParameterizedTest
  @EnumSource
  void a_device_gets_examples_of_its_stored_events_and_a_short_training_lowers_its_loss(
      Scenario scenario) throws Exception {
    TrainingPlan plan = plan(scenario);
    List<BehaviourEvent> events = ScenarioEvents.of(scenario, data(scenario)).events(0, SEED);
    TabularExamples examples;
    try (FileBehaviourStore store =
        FileBehaviourStore.open(directory, Retention.defaults(), Clock.systemUTC())) {
      store.record(events);
      examples = examples(new BehaviourExamples(store).examples(plan, null));
    }
    ModelParameters start = ModelParameters.initial(plan.model());
    ModelParameters trained = trained(plan, start, examples, SEED);

    assertThat(examples.size()).isEqualTo(events.size());
    assertThat(loss(plan, trained, examples)).isLessThan(0.9 * loss(plan, start, examples));
  }

  /** All examples in one place: the point is the features, not how updates are averaged. */
  @ParameterizedTest
  @EnumSource
  void what_is_learnt_from_some_people_holds_for_others(Scenario scenario) throws Exception {
    TrainingPlan plan = plan(scenario);
    ScenarioEvents events = ScenarioEvents.of(scenario, data(scenario));
    TabularExamples known = examples(plan, events, 0, USERS);
    TabularExamples others = examples(plan, events, USERS, USERS + NEW_USERS);

    ModelParameters trained = trained(plan, ModelParameters.initial(plan.model()), known, SEED);

    assertThat(loss(plan, trained, others)).isLessThan(0.85 * lossOfMean(others));
  }

  private static TabularExamples examples(
      TrainingPlan plan, ScenarioEvents events, int from, int to) {
    float[] features = {};
    float[] labels = {};
    for (int user = from; user < to; user++) {
      TabularExamples own = examples(encode(plan, events.events(user, user)));
      features = concatenated(features, own.features());
      labels = concatenated(labels, own.labels());
    }
    return TabularExamples.of(labels.length, features, labels);
  }

  private static float[] concatenated(float[] one, float[] other) {
    float[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  @ParameterizedTest
  @EnumSource
  void every_feature_says_something_of_the_events(Scenario scenario) throws Exception {
    TrainingPlan plan = plan(scenario);
    TabularExamples examples =
        examples(encode(plan, ScenarioEvents.of(scenario, data(scenario)).events(0, SEED)));
    int width = examples.features().length / examples.size();
    int from = 0;
    for (var feature : ((FeatureSchema.Attributes) plan.features()).features()) {
      boolean varies = false;
      for (int i = 1; i < examples.size(); i++) {
        varies |=
            !Arrays.equals(
                slice(examples, width * (i - 1) + from, feature.width()),
                slice(examples, width * i + from, feature.width()));
      }
      assertThat(varies).as(feature.name()).isTrue();
      from += feature.width();
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_item_that_could_be_shown_is_predicted_with_the_same_features(Scenario scenario)
      throws Exception {
    TrainingPlan plan = plan(scenario);
    List<BehaviourEvent> events = ScenarioEvents.of(scenario, data(scenario)).events(0, SEED);
    int last = events.size() - 1;
    TabularExamples examples = examples(encode(plan, events));

    InputOutcome outcome =
        FeatureEncoder.inputs(events.subList(0, last), events.subList(last, last + 1), plan);

    float[] row = ((InputOutcome.Inputs) outcome).rows()[0];
    assertThat(row).containsExactly(slice(examples, last * row.length, row.length));
  }

  private static float[] slice(TabularExamples examples, int from, int length) {
    return Arrays.copyOfRange(examples.features(), from, from + length);
  }

  private static ExampleOutcome encode(TrainingPlan plan, List<BehaviourEvent> events) {
    return FeatureEncoder.encode(events, plan, null);
  }

  private static TabularExamples examples(ExampleOutcome outcome) {
    assertThat(outcome).isInstanceOf(ExampleOutcome.Examples.class);
    return (TabularExamples) ((ExampleOutcome.Examples) outcome).set();
  }

  private static ModelParameters trained(
      TrainingPlan plan, ModelParameters start, TabularExamples examples, long seed)
      throws TrainingDivergedException {
    float[] parameters = start.toArray();
    float[] delta =
        new PortableEngine()
            .train(
                new TrainingTask(
                    plan.model(), start, examples, TrainingSettings.of(plan.client()), seed))
            .delta()
            .toArray();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += delta[i];
    }
    return ModelParameters.copyOf(parameters);
  }

  private static double loss(
      TrainingPlan plan, ModelParameters parameters, TabularExamples examples) {
    TabularPredictor predictor =
        new TabularPredictor((ModelSpecification.Tabular) plan.model(), parameters);
    int width = examples.features().length / examples.size();
    double sum = 0;
    for (int i = 0; i < examples.size(); i++) {
      double p = predictor.predict(slice(examples, i * width, width))[0];
      sum += crossEntropy(examples.labels()[i], p);
    }
    return sum / examples.size();
  }

  /** Of the best constant, which knows the very labels. */
  private static double lossOfMean(TabularExamples examples) {
    double mean = 0;
    for (float label : examples.labels()) {
      mean += label / examples.size();
    }
    return crossEntropy(mean, mean);
  }

  private static double crossEntropy(double label, double p) {
    double bounded = Math.max(1e-6, Math.min(1 - 1e-6, p));
    return -label * Math.log(bounded) - (1 - label) * Math.log(1 - bounded);
  }
}
