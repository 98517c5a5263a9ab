package io.tacit.coordinator.plans;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacit.protocol.Suite;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.testing.Fuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanFileTest {

  private static final Catalogue CATALOGUE = TestPlans.catalogue(3);

  private static final String TWO_TOWER = TestPlans.twoTower(CATALOGUE);

  @Test
  void fills_in_the_defaults_of_a_model_over_items() {
    TrainingPlan plan = parse(TWO_TOWER.replace("mode: plain, ", ""));

    assertThat(plan.model()).isEqualTo(new ModelSpecification.TwoTower(5, 4, true, 1));
    assertThat(plan.features())
        .isEqualTo(new FeatureSchema.Items(CATALOGUE.contentHash(), 3, 2, Set.of("view", "click")));
    assertThat(plan.client())
        .isEqualTo(
            new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1000, true, 0));
    assertThat(plan.cohort()).isEqualTo(new CohortSettings(128, 64, 1.3));
    assertThat(plan.deadlines())
        .isEqualTo(
            new DeadlineSettings(
                Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(60)));
    assertThat(plan.serverOptimiser())
        .isEqualTo(
            new ServerOptimiserSettings(
                ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 0.9, 0.99, 0.001));
    assertThat(plan.aggregation())
        .isEqualTo(
            new AggregationSettings(
                AggregationSettings.Mode.SECURE, true, AggregationSettings.Weighting.UNIFORM, 100));
    assertThat(plan.suite()).isEqualTo(Suite.CLASSIC);
    assertThat(plan.evaluation().validationShare()).isZero();
    assertThat(plan.rounds()).isEqualTo(60);
  }

  @Test
  void reads_how_much_the_latest_items_count() {
    assertThat(recency("{share: 0.8}")).isEqualTo(new Recency(0.8, 5));
    assertThat(recency("{share: 1, half-life: 2.5}")).isEqualTo(new Recency(1, 2.5));
    assertThat(recency("{share: 0, half-life: 3}")).isEqualTo(Recency.NONE);
    assertThatThrownBy(() -> recency("{share: 1.5}"))
        .isInstanceOf(PlanFileException.class)
        .hasMessageContaining("model.recency")
        .hasMessageContaining("recency share is 1.5, must be 0 to 1");
    assertThatThrownBy(() -> recency("{half-life: 5}"))
        .isInstanceOf(PlanFileException.class)
        .hasMessageContaining("model.recency.share is missing");
  }

  private static Recency recency(String value) {
    TrainingPlan plan =
        parse(
            TWO_TOWER.replace("kind: two-tower", "recency: %s, kind: two-tower".formatted(value)));
    return ((ModelSpecification.TwoTower) plan.model()).recency();
  }

  @Test
  void fills_in_the_defaults_of_noise() {
    TrainingPlan plan =
        parse(
            TWO_TOWER
                + "privacy: {mechanism: distributed, noise-multiplier: 2, users: 50000,"
                + " participations-max: 5}\n");

    assertThat(plan.privacy())
        .isEqualTo(
            new PrivacySettings.Noise(
                PrivacySettings.Mechanism.DISTRIBUTED,
                2,
                0.1 / 50_000,
                50_000,
                5,
                2,
                HonestShare.Dishonest.TENTH,
                PrivacySettings.Budget.UNLIMITED));
  }

  @Test
  void reads_all_that_a_plan_can_say_of_privacy() {
    TrainingPlan plan =
        parse(
            TWO_TOWER
                + "privacy: {mechanism: central, noise-multiplier: 0.5, users: 100, delta: 1e-4,"
                + " participations-max: 7, shards-minimum: 1, dishonest: threshold,"
                + " epsilon-models-max: 8, epsilon-coordinator-max: 1e3}\n");

    assertThat(plan.privacy())
        .isEqualTo(
            new PrivacySettings.Noise(
                PrivacySettings.Mechanism.CENTRAL,
                0.5,
                1e-4,
                100,
                7,
                1,
                HonestShare.Dishonest.THRESHOLD,
                new PrivacySettings.Budget(8, 1000)));
  }

  @Test
  void fills_in_the_defaults_of_metrics() {
    TrainingPlan plan = parse(TWO_TOWER + "evaluation: {validation-share: 0.2, metrics: {}}\n");

    assertThat(plan.evaluation())
        .isEqualTo(
            new EvaluationSettings(
                0.2,
                new MetricSettings(
                    0.1,
                    List.of(),
                    10,
                    0,
                    PrivacySettings.Budget.UNLIMITED,
                    new MetricSettings.ReleaseBound(0.01, 12, 1))));
  }

  @Test
  void asks_for_two_hundred_held_back_devices_where_there_can_be_so_many() {
    assertThat(devicesMinimum(1990, "{}")).isEqualTo(199);
    assertThat(devicesMinimum(2010, "{}")).isEqualTo(200);
    assertThat(devicesMinimum(200, "{held-back-share: 0.3}")).isEqualTo(60);
    assertThat(devicesMinimum(200, "{release: {versions: 5}}"))
        .as("the same devices five times")
        .isEqualTo(20);
    assertThat(devicesMinimum(20, "{held-back-share: 0}")).isEqualTo(200);
    assertThat(devicesMinimum(2, "{}")).isEqualTo(1);
  }

  private static int devicesMinimum(int cohort, String metrics) {
    TrainingPlan plan =
        parse(
            TWO_TOWER
                + "cohort: {size: %d, minimum: 1}\n".formatted(cohort)
                + "evaluation: {validation-share: 0.2, metrics: %s}\n".formatted(metrics));
    return Objects.requireNonNull(plan.evaluation().metrics()).release().devicesMinimum();
  }

  @Test
  void devices_report_nothing_unless_the_plan_says_so() {
    assertThat(parse(TWO_TOWER + "evaluation: {validation-share: 0.2}\n").evaluation().metrics())
        .isNull();
  }

  @Test
  void metrics_have_noise_if_updates_have() {
    String noisy =
        TWO_TOWER
            + "privacy: {mechanism: central, noise-multiplier: 2, users: 50000,"
            + " participations-max: 5}\n";

    assertFault(
        () -> parse(noisy + "evaluation: {validation-share: 0.2, metrics: {}}\n"),
        "line 8, column 46: evaluation.metrics.noise-multiplier is missing, must be a number; add"
            + " it");
    assertThat(
            parse(noisy + "evaluation: {validation-share: 0.2, metrics: {noise-multiplier: 3}}\n")
                .metricNoise())
        .isPresent();
  }

  @Test
  void has_no_noise_unless_it_says_so() {
    assertThat(parse(TWO_TOWER).privacy()).isEqualTo(PrivacySettings.NONE);
    assertThat(parse(TWO_TOWER + "privacy: {mechanism: none}\n").privacy())
        .isEqualTo(PrivacySettings.NONE);
  }

  void features_of_items_and_users_bring_their_mapping_and_their_width_along() {
    TrainingPlan plan = parse(TWO_TOWER.replace("buckets: 2}", "buckets: 2, " + KNOWN + "}"));

    assertThat(plan.model()).isEqualTo(new ModelSpecification.TwoTower(5, 4, true, 3, 1, 1));
    assertThat(plan.features())
        .isEqualTo(
            new FeatureSchema.Items(
                2,
                CATALOGUE.contentHash(),
                3,
                2,
                Set.of("view", "click"),
                List.of(new Feature.Categorical("genre", List.of("pop", "folk"), 1)),
                List.of(new Feature.Numeric("age", 40, 1))));
    assertThatThrownBy(
            () ->
                parse(
                    TWO_TOWER.replace(
                        "buckets: 2}",
                        "buckets: 2,\n      "
                            + KNOWN.replace("mean: 40", "standard-deviation: 0")
                            + "}")))
        .hasMessageStartingWith("line 6, column ")
        .hasMessageContaining("features.age.standard-deviation is 0.0");
  }

  private static final String KNOWN =
      "item-features: [{name: genre, categorical: {values: [pop, folk]}}], user-features: [{name:"
          + " age, numeric: {mean: 40}}]";

  @Test
  void fills_in_the_defaults_of_a_tabular_model() {
    TrainingPlan plan = parse(TestPlans.TABULAR);

    assertThat(plan.model())
        .isEqualTo(
            new ModelSpecification.Tabular(
                1,
                List.of(new DenseLayer(3, Activation.RELU), new DenseLayer(1, Activation.SIGMOID)),
                Loss.BINARY_CROSS_ENTROPY,
                1));
    assertThat(plan.client())
        .isEqualTo(
            new ClientSettings(
                ClientSettings.Optimiser.ADAM, 0.001, 1, 32, 0, 1, 2, 1000, false, 0));
    assertThat(plan.serverOptimiser())
        .isEqualTo(
            new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 1, 0.9, 0.99, 0.001));
  }

  @Test
  void fills_in_the_defaults_of_features() {
    TrainingPlan plan =
        parse(
            TestPlans.TABULAR.replaceAll(
                "list: .*\\]",
                """
                list: [
                    {name: a, numeric: {}}, {name: b, private-numeric: {}},
                    {name: c, categorical: {values: [x]}}, {name: d, item-id: {}},
                    {name: e, hashed-text: {}}, {name: f, dense-vector: {dimension: 3}},
                    {name: g, pooled: {of: c}}]\
                """));
    Feature categorical = new Feature.Categorical("c", List.of("x"), 1);

    assertThat(plan.features())
        .isEqualTo(
            new FeatureSchema.Attributes(
                1,
                List.of(
                    new Feature.Numeric("a", 0, 1),
                    new Feature.PrivateNumeric("b", 0, 1, 10, 5),
                    categorical,
                    new Feature.ItemId("d", List.of(), 64),
                    new Feature.HashedText("e", 64, 3),
                    new Feature.DenseVector("f", 3, true),
                    new Feature.Pooled("g", categorical, 20, 0, Set.of())),
                "bought"));
  }

  @Test
  void reads_json_as_well_with_any_white_space() {
    String json =
        """
        {
        \t"id": "j", "version": 2, "population": "test",
        \t"model": {"kind": "tabular", "layers": [{"units": 1, "activation": "identity"}]},
        \t"features": {"label": "y", "list": [{"name": "x", "numeric": {}}]},
        \t"aggregation": {"mode": "plain", "development": true}
        }
        """;
    TrainingPlan plan = parse(json);

    assertThat(plan.version()).isEqualTo(2);
    assertThat(((ModelSpecification.Tabular) plan.model()).loss())
        .isEqualTo(Loss.MEAN_SQUARED_ERROR);
  }

  @Test
  void reads_back_what_it_writes_as_yaml_and_as_json() throws IOException {
    for (TrainingPlan plan : PlanSamples.all(CATALOGUE)) {
      String yaml = PlanFile.toYaml(plan);
      String json = new ObjectMapper().writeValueAsString(PlanFile.toTree(plan));

      assertThat(PlanFile.parse(yaml, TestPlans.NO_CATALOGUES)).as(yaml).isEqualTo(plan);
      assertThat(PlanFile.parse(json, TestPlans.NO_CATALOGUES)).as(json).isEqualTo(plan);
    }
  }

  @Test
  void every_key_stands_in_the_reference() throws IOException {
    String reference =
        Files.readString(Path.of(System.getProperty("tacit.root"), "docs/reference/plan.md"));
    Set<String> keys = new TreeSet<>();
    for (TrainingPlan plan : PlanSamples.all(CATALOGUE)) {
      collectKeys("", PlanFile.toTree(plan), keys);
    }
    assertThat(keys).contains("cohort.minimum", "features.list.hashed-text.ngram-length");
    assertThat(reference).contains("`features.item-features`", "`features.user-features`");
    for (String each : keys) {
      // The three lists of features have the same keys.
      String key = each.replaceFirst("^features\\.(item|user)-features\\.", "features.list.");
      assertThat(reference).as("docs/reference/plan.md").contains("`" + key + "`");
    }
  }

  private static void collectKeys(String path, Object value, Set<String> keys) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> collectKeys(path.isEmpty() ? "" + key : path + "." + key, inner, keys));
    } else if (value instanceof Collection<?> list
        && !list.isEmpty()
        && list.iterator().next() instanceof Map) {
      list.forEach(inner -> collectKeys(path, inner, keys));
    } else {
      keys.add(path);
    }
  }

  @Test
  void takes_the_catalogue_of_a_file_where_files_are_read() {
    CatalogueLookup files =
        new CatalogueLookup() {
          @Override
          public Optional<Catalogue> find(io.tacit.protocol.ContentHash hash) {
            return Optional.empty();
          }

          @Override
          public Optional<Catalogue> file(String path) {
            if (!path.equals("my items.txt")) {
              throw new IllegalArgumentException("no file " + path + "; check the path");
            }
            return Optional.of(CATALOGUE);
          }
        };
    String plan = TWO_TOWER.replace(CATALOGUE.contentHash().toHex(), "{file: my items.txt}");

    assertThat(PlanFile.parse(plan, files)).isEqualTo(parse(TWO_TOWER));
    assertFault(
        () -> PlanFile.parse(plan.replace("my items", "items"), files),
        "line 5, column 12: features.catalogue: no file items.txt; check the path");
    assertFault(
        () -> parse(plan),
        "line 5, column 12: features.catalogue is the file my items.txt, must be the hash of an"
            + " uploaded catalogue; upload the file first and use the hash that the upload"
            + " returns");
  }

  @Test
  void says_that_a_catalogue_is_unknown() {
    assertFault(
        () -> PlanFile.parse(TWO_TOWER, TestPlans.NO_CATALOGUES),
        "line 5, column 12: features.catalogue is "
            + CATALOGUE.contentHash().toHex()
            + ", must be the hash of an uploaded catalogue; upload the catalogue first and use the"
            + " hash that the upload returns");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cohort: {minimum: 200} | line 7, column 10: cohort.minimum is 200, must be 1 to 128; it"
            + " may not be above cohort.size; lower it or raise that",
        "privacy: {noise-multiplier: 2} | line 7, column 10: privacy.mechanism is missing, must be"
            + " one of none, distributed, central; add it",
        "privacy: {mechanism: none, users: 9} | line 7, column 28: privacy.users is not a key of"
            + " privacy, must be one of mechanism; use one of them, or remove it",
        "privacy: {mechanism: distributed, noise-multiplier: 2, users: 9} | line 7, column 10:"
            + " privacy.participations-max is missing, must be a whole number; add it",
        "privacy: {mechanism: central, noise-multiplier: 2, users: 9, participations-max: 1,"
            + " delta: 0.5} | line 7, column 85: privacy.delta is 0.5, must be above 0 and below"
            + " 0.1111111111111111, one over privacy.users; with a larger one, publishing somebody"
            + " whole would be allowed",
        "privacy: {mechanism: central, noise-multiplier: 2, users: 9, participations-max: 1,"
            + " epsilon-models-max: 0} | line 7, column 85: privacy.epsilon-models-max is 0.0, must"
            + " be above 0; leave it out for no limit but the participations",
        "evaluation: {metrics: {}} | line 7, column 1: evaluation.validation-share is 0.0, must be"
            + " above 0 with evaluation.metrics; devices measure on the examples that they hold"
            + " back; 0.2 is usual",
        "evaluation: {validation-share: 0.2, metrics: {held-back: 0.1}} | line 7, column 47:"
            + " evaluation.metrics.held-back is not a key of evaluation.metrics, must be one of"
            + " held-back-share, segments, group-minimum, noise-multiplier, epsilon-models-max,"
            + " epsilon-coordinator-max, release; did you mean held-back-share?",
        "evaluation: {validation-share: 0.2, metrics: {noise-multiplier: 1}} | line 7, column 47:"
            + " evaluation.metrics.noise-multiplier is 1.0, must be 0 without privacy; metrics have"
            + " noise if and only if updates have",
        "evaluation: {validation-share: 0.2, metrics: {epsilon-models-max: -1}} | line 7, column"
            + " 47: evaluation.metrics.epsilon-models-max is -1.0, must be above 0; leave it out"
            + " for no limit but the participations",
        "evaluation: {validation-share: 0.2, metrics: {group-minimum: 3}} | line 7, column 47:"
            + " evaluation.metrics.group-minimum is 3, must be 10 to 20000; a sum over few devices"
            + " says much about each",
        "evaluation: {validation-share: 0.2, metrics: {segments: [{name: few}]}} | line 7, column"
            + " 58: evaluation.metrics.segments[0].examples-minimum is missing, must be a whole"
            + " number; add it",
        "evaluation: {validation-share: 0.2, metrics: {release: {versions: 0}}} | line 7, column"
            + " 57: evaluation.metrics.release.versions is 0, must be 1 to 1000; as many as it"
            + " takes until enough devices have measured",
        "cohort: {minimun: 2} | line 7, column 10: cohort.minimun is not a key of cohort, must be"
            + " one of size, minimum, over-selection; did you mean minimum?",
        "chohort: {size: 2} | line 7, column 1: chohort is not a key of a plan, must be one of id,"
            + " version, population, rounds, not-after, model, features, client, cohort, deadlines,"
            + " server-optimiser, aggregation, privacy, evaluation; did you mean cohort?",
        "cohort: 12 | line 7, column 9: cohort is `12`, must be a mapping; write keys and values,"
            + " or leave it out",
        "cohort: | line 7, column 8: cohort is empty, must be a mapping; write keys and values, or"
            + " leave it out",
        "cohort: {size: 1.5} | line 7, column 16: cohort.size is `1.5`, must be a whole number from"
            + " -2147483648 to 2147483647; write it in digits",
        "cohort: {size: 99999999999999999999} | line 7, column 16: cohort.size is"
            + " `99999999999999999999`, must be a whole number from -2147483648 to 2147483647;"
            + " write it in digits",
        "cohort: {over-selection: .nan} | line 7, column 26: cohort.over-selection is `.nan`, must"
            + " be a finite number; write it as 0.001 or 1e-3",
        "client: {clip-norm: NaN} | line 7, column 21: client.clip-norm is `NaN`, must be a finite"
            + " number; write it as 0.001 or 1e-3",
        "client: {clip-norm: 1e999} | line 7, column 10: client.clip-norm is Infinity, must be"
            + " 2.2250738585072014E-308 to 10000.0; 1 is usual",
        "client: {sum-loss: yes} | line 7, column 20: client.sum-loss is `yes`, must be true or"
            + " false; write one of these words",
        "client: {optimiser: adm} | line 7, column 21: client.optimiser is `adm`, must be one of"
            + " sgd, adam, sparse-adam; did you mean adam?",
        "deadlines: {train: 5 minutes} | line 7, column 20: deadlines.train is `5 minutes`, must be"
            + " a whole number and ms, s, m or h; write it as 250ms, 30s, 5m or 2h",
        "deadlines: {train: 250ms} | line 7, column 13: deadlines.train is 250ms, must be 1000ms to"
            + " 86400000ms; 5 minutes are usual",
        "rounds: [1] | line 7, column 9: rounds is a list, must be a single value; write one value",
      })
  void says_where_what_is_allowed_and_what_to_do(String line, String message) {
    assertFault(() -> parse(TestPlans.TABULAR + line + "\n"), message.replace('`', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: small | id: Small | line 1, column 1: id: plan id is \"Small\", must be 1 to 64"
            + " characters of a-z 0-9 - . _ and begin with a letter or digit",
        "version: 1 | version: 0 | line 2, column 1: version is 0, must be 1 to 2147483647; raise"
            + " it with each change",
        "population: test | rounds: 3 | line 1, column 1: population is missing, must be a text;"
            + " add it",
        "kind: tabular | kind: tabullar | line 4, column 15: model.kind is \"tabullar\", must be"
            + " one of tabular, neural-cf, two-tower; did you mean tabular?",
        "kind: tabular, | kind: tabular, dimension: 3, | line 4, column 24: model.dimension is not"
            + " a key of model, must be one of kind, inputs, layers, loss, initial-seed; use one of"
            + " them, or remove it",
        "kind: tabular, | kind: tabular, inputs: 7, | line 4, column 24: model.inputs is 7, must be"
            + " 1, the encoded width of the features; set it to that",
        "units: 3 | units: 0 | line 4, column 33: model.layers[0]: a layer has 0 units, must be at"
            + " least 1; remove the layer or give it units",
        "units: 3 | units: 1000000000 | line 4, column 1: model: model has at least 1000000000"
            + " parameters (up to block layer.0.weights), must be at most 16777216; make layers,"
            + " dimension or catalogue smaller",
        "activation: sigmoid | activation: softmax, units2: 1 | line 4, column 95:"
            + " model.layers[1].units2 is not a key of model.layers[1], must be one of units,"
            + " activation; did you mean units?",
        "kind: tabular, | kind: tabular, loss: categorical-cross-entropy, | line 4, column 1:"
            + " model: loss CATEGORICAL_CROSS_ENTROPY does not fit a last layer with activation"
            + " SIGMOID; use SIGMOID with BINARY_CROSS_ENTROPY, SOFTMAX with"
            + " CATEGORICAL_CROSS_ENTROPY, any other with MEAN_SQUARED_ERROR",
        "label: bought | label: age | line 5, column 12: features.label is age, must be none of the"
            + " features; remove the feature: a model that sees the answer learns nothing else",
        "standard-deviation: 12 | standard-deviation: 0 | line 5, column 34:"
            + " features.age.standard-deviation is 0.0, must be 2.2250738585072014E-308 to"
            + " 1.7976931348623157E308; 1 is neutral",
        "numeric: {mean: 40, standard-deviation: 12} | date: {} | line 5, column 46:"
            + " features.list[0].date is not a key of features.list[0], must be one of name,"
            + " numeric, private-numeric, categorical, item-id, hashed-text, dense-vector, pooled;"
            + " did you mean name?",
        "numeric: {mean: 40, standard-deviation: 12} | numeric: {}, categorical: {values: [a]} |"
            + " line 5, column 34: features.list[0] is of more than one kind: numeric, categorical,"
            + " must be of exactly one kind of numeric, private-numeric, categorical, item-id,"
            + " hashed-text, dense-vector, pooled; remove all but one",
        "numeric: {mean: 40, standard-deviation: 12} | private-numeric: {prior-count: 0} | line 5,"
            + " column 34: features.age.prior-count is 0, must be 1 to 10000; 10 is usual",
        "numeric: {mean: 40, standard-deviation: 12} | dense-vector: {} | line 5, column 60:"
            + " features.list[0].dense-vector.dimension is missing, must be a whole number; add it",
        "numeric: {mean: 40, standard-deviation: 12} | pooled: {of: colour} | line 5, column 34:"
            + " features.age.of is \"colour\", must be the name of a feature that is listed before;"
            + " list that one first",
        "{label: bought | {mapping-version: 3, label: bought | line 5, column 12:"
            + " features.mapping-version is 3, must be 1 to 2; update this software; on a device,"
            + " the app's SDK",
        "development: true | weighting: uniform | line 6, column 1: aggregation.development is"
            + " false, must be true with mode plain, in which the coordinator sees every single"
            + " update; declare the plan to be for development",
        "mode: plain, development: true | shards: {size: 9} | line 6, column 24:"
            + " aggregation.shards.size is 9, must be 10 to 128; 32 or 64 are usual",
        "mode: plain, development: true | shards: {size: 20, minimum: 21} | line 6, column 34:"
            + " aggregation.shards.minimum is 21, must be 10 to 20; it may not be above"
            + " aggregation.shards.size; lower it or raise that",
        "mode: plain, development: true | shards: {size: 20, survivors-percent: 9} | line 6,"
            + " column 34: aggregation.shards.survivors-percent is 9, must be 67 to 100; leave it"
            + " out for the two thirds that secure aggregation takes in any case",
        "mode: plain, development: true | shards: {size: 100, minimum: 100} | line 1, column 1:"
            + " cohort.size is 128, must be 200 or more, so that each of 2 shards can have the"
            + " aggregation.shards.minimum of 100; raise it, or lower that",
      })
  void refuses_impossible_plans(String was, String is, String message) {
    assertFault(() -> parse(TestPlans.TABULAR.replace(was, is)), message);
  }

  @Test
  void refuses_a_model_without_layers() {
    String plan = TestPlans.TABULAR.replaceAll("layers: \\[.*\\]", "layers: []");

    assertFault(
        () -> parse(plan),
        "line 4, column 1: model: model has no layers, must have at least 1; the last one is the"
            + " output");
  }

  @Test
  void refuses_features_that_do_not_belong_to_the_model() {
    assertFault(
        () -> parse(TestPlans.TABULAR.replaceAll("model: .*", "model: {kind: two-tower}")),
        "line 5, column 1: features is a list of attributes, must be over items for model kind"
            + " two-tower; name a catalogue");
    assertFault(
        () -> parse(TWO_TOWER.replace("dimension: 4", "items: 9")),
        "line 4, column 26: model.items is 9, must be 5, the items of the catalogue and its"
            + " buckets; set it to that");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, 2] | line 1, column 1: a plan file is a mapping; begin with \"id: \" and the plan's"
            + " name",
        "'' | line 1, column 1: a plan file is a mapping; begin with \"id: \" and the plan's name",
        "{\"id\": \"a\", \"id\": \"b\"} | line 1, column 13: id stands in line 1 already; remove"
            + " one",
        "{\"id\": \"a\" | line 1, column 11: the text ends too early; is it complete?",
        "id: *other | line 1, column 5: *other is an alias; write the value out",
      })
  void refuses_what_is_no_plan_file(String text, String message) {
    assertFault(() -> parse(text), message);
  }

  @Test
  void names_the_line_at_which_yaml_ends_to_be_yaml() {
    assertThatThrownBy(() -> parse("id: a\n  version: 1\n"))
        .isInstanceOf(PlanFileException.class)
        .hasMessageStartingWith("line 2, column ")
        .hasMessageContaining("not YAML: mapping values are not allowed here");
  }

  @Test
  void refuses_a_second_document_and_a_deep_one() {
    assertFault(
        () -> parse("id: a\n---\nid: b\n"),
        "line 3, column 1: something follows the plan; one file is one plan");
    assertThatThrownBy(() -> parse("id: " + "[".repeat(40) + "]".repeat(40)))
        .isInstanceOf(PlanFileException.class)
        .hasMessage("line 1, column 20: nested more than 16 levels deep");
  }

  @ParameterizedTest
  @ValueSource(ints = {1024 * 1024 + 1})
  void refuses_a_file_above_the_limit(int characters) {
    assertFault(
        () -> parse("#".repeat(characters)),
        "line 1, column 1: plan file has 1048577 characters, must be at most 1048576; upload lists"
            + " of items as a catalogue");
  }

  private static TrainingPlan parse(String text) {
    return PlanFile.parse(text, TestPlans.known(CATALOGUE));
  }

  private static void assertFault(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(PlanFileException.class).hasMessage(message);
  }

  @Test
  @Tag(Fuzz.TAG)
  void what_is_damaged_is_refused_with_its_place_or_read() throws IOException {
    List<byte[]> samples = new ArrayList<>();
    samples.add(TestPlans.TABULAR.getBytes(UTF_8));
    for (TrainingPlan plan : PlanSamples.all(CATALOGUE)) {
      samples.add(PlanFile.toYaml(plan).getBytes(UTF_8));
      samples.add(new ObjectMapper().writeValueAsBytes(PlanFile.toTree(plan)));
    }

    Fuzz.of(samples.toArray(new byte[0][]))
        .refusedWith(PlanFileException.class)
        .feed(
            input -> {
              TrainingPlan read = PlanFile.parse(new String(input, UTF_8), TestPlans.NO_CATALOGUES);
              assertThat(TrainingPlan.fromBytes(read.toBytes())).isEqualTo(read);
            });
  }
}
