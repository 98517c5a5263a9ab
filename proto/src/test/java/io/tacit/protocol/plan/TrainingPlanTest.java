package io.tacit.protocol.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.testing.Fuzz;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingPlanTest {

  private static final ContentHash CATALOGUE = ContentHash.of(new byte[] {1});

  private static final FeatureSchema.Items ITEMS =
      new FeatureSchema.Items(CATALOGUE, 10, 2, Collections.singleton("click"));

  private static final FeatureSchema.Attributes ATTRIBUTES =
      new FeatureSchema.Attributes(
          Collections.singletonList(new Feature.Numeric("age", 40, 12)), "bought");

  private static final ClientSettings CLIENT =
      new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 2, 1000, true, 0);

  private static final List<DenseLayer> LAYERS =
      List.of(new DenseLayer(3, Activation.RELU), new DenseLayer(1, Activation.SIGMOID));

  /** The seed is shown in the name of the case. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void reads_back_its_wire_form(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    for (int i = 0; i < 20; i++) {
      TrainingPlan plan = randomPlan(random);

      TrainingPlan again = TrainingPlan.fromBytes(plan.toBytes());

      assertThat(again).isEqualTo(plan);
      assertThat(again.toBytes()).isEqualTo(plan.toBytes());
      assertThat(again.contentHash()).isEqualTo(plan.contentHash());
      assertThat(again.parameters()).isEqualTo(plan.model().layout().size());
      assertThat(again.updateFormat().scale()).isEqualTo(plan.updateFormat().scale());
    }
  }

  @Test
  void equal_plans_have_equal_bytes_whatever_the_order_of_their_sets() {
    FeatureSchema one = items(Set.of("a", "b", "c", "d", "e"));
    FeatureSchema other =
        items(new java.util.LinkedHashSet<>(java.util.Arrays.asList("e", "c", "a", "d", "b")));

    assertThat(plan(twoTower(12), one).toBytes()).isEqualTo(plan(twoTower(12), other).toBytes());
  }

  @Test
  void every_setting_counts_in_the_hash() {
    TrainingPlan plan = plan(twoTower(12), ITEMS);

    assertThat(plan(twoTower(12), items(Set.of("view"))).contentHash())
        .isNotEqualTo(plan.contentHash());
    assertThat(plan(new ModelSpecification.TwoTower(12, 4, true, 2), ITEMS).contentHash())
        .isNotEqualTo(plan.contentHash());
    assertThat(plan(twoTower(12, new Recency(0.5, 5)), ITEMS).contentHash())
        .isNotEqualTo(plan.contentHash())
        .isNotEqualTo(plan(twoTower(12, new Recency(0.5, 6)), ITEMS).contentHash());
  }

  @Test
  void refuses_a_minimum_above_the_cohort() {
    assertFault(
        () -> new CohortSettings(64, 65, 1.3),
        "cohort.minimum",
        "cohort.minimum is 65, must be 1 to 64; it may not be above cohort.size; lower it or raise"
            + " that");
    assertFault(
        () -> new CohortSettings(20_001, 1, 1.3),
        "cohort.size",
        "cohort.size is 20001, must be 1 to 20000; 64 or 128 are usual");
    assertFault(
        () -> new CohortSettings(10, 1, Double.NaN),
        "cohort.over-selection",
        "cohort.over-selection is NaN, must be 1.0 to 10.0; 1.3 is usual");
    assertThat(new CohortSettings(10, 1, 1.25).assignmentsMax()).isEqualTo(13);
  }

  @Test
  void refuses_a_clip_norm_that_bounds_nothing() {
    for (double clipNorm : new double[] {Double.NaN, 0, -1, Double.POSITIVE_INFINITY}) {
      assertFault(
          () ->
              new ClientSettings(
                  ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, clipNorm, 2, 1000, true, 0),
          "client.clip-norm",
          "client.clip-norm is "
              + clipNorm
              + ", must be 2.2250738585072014E-308 to 10000.0; 1 is usual");
    }
  }

  @Test
  void refuses_a_range_of_examples_that_is_empty() {
    assertFault(
        () -> new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 10, 9, true, 0),
        "client.examples-max",
        "client.examples-max is 9, must be 10 to 1000000; it may not be below"
            + " client.examples-min");
  }

  @Test
  void refuses_models_that_can_not_be_built() {
    assertThatThrownBy(() -> new DenseLayer(0, Activation.RELU))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a layer has 0 units, must be at least 1; remove the layer or give it units");
    assertThatThrownBy(
            () ->
                new ModelSpecification.Tabular(
                    1, Collections.emptyList(), Loss.MEAN_SQUARED_ERROR, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model has no layers, must have at least 1; the last one is the output");
    assertThatThrownBy(
            () ->
                new ModelSpecification.Tabular(
                    1,
                    List.of(new DenseLayer(2, Activation.SOFTMAX)),
                    Loss.BINARY_CROSS_ENTROPY,
                    1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "loss BINARY_CROSS_ENTROPY does not fit a last layer with activation SOFTMAX; use"
                + " SIGMOID with BINARY_CROSS_ENTROPY, SOFTMAX with CATEGORICAL_CROSS_ENTROPY, any"
                + " other with MEAN_SQUARED_ERROR");
    assertThatThrownBy(
            () ->
                new ModelSpecification.Tabular(
                    1,
                    List.of(
                        new DenseLayer(2, Activation.SOFTMAX),
                        new DenseLayer(2, Activation.SOFTMAX)),
                    Loss.CATEGORICAL_CROSS_ENTROPY,
                    1))
        .hasMessage("softmax is only allowed in the last layer");
  }

  /** Were anything of that size allocated, these would be an OutOfMemoryError. */
  @Test
  void refuses_memory_bombs_without_allocating_them() {
    int huge = 1_000_000_000;
    assertFault(
        () ->
            plan(
                new ModelSpecification.Tabular(
                    1,
                    List.of(
                        new DenseLayer(huge, Activation.RELU),
                        new DenseLayer(huge, Activation.RELU),
                        new DenseLayer(1, Activation.SIGMOID)),
                    Loss.BINARY_CROSS_ENTROPY,
                    1),
                ATTRIBUTES),
        "model",
        "model: model has at least 1000000000 parameters (up to block layer.0.weights), must be at"
            + " most 16777216; make layers, dimension or catalogue smaller");
    assertFault(
        () -> plan(new ModelSpecification.TwoTower(12, Integer.MAX_VALUE, true, 1), ITEMS),
        "model",
        "model: model has at least 25769803764 parameters (up to block item.embedding), must be at"
            + " most 16777216; make layers, dimension or catalogue smaller");
  }

  @Test
  void refuses_features_that_do_not_fit_the_model() {
    assertFault(
        () -> plan(twoTower(10), ITEMS),
        "model.items",
        "model.items is 10, must be 12, the items of the catalogue and its buckets; set it to"
            + " that");
    assertFault(
        () -> plan(new ModelSpecification.NeuralCf(13, 4, true, LAYERS, 1), ITEMS),
        "model.items",
        "model.items is 13, must be 12, the items of the catalogue and its buckets; set it to"
            + " that");
    assertFault(
        () -> plan(tabular(2), ATTRIBUTES),
        "model.inputs",
        "model.inputs is 2, must be 1, the encoded width of the features; set it to that");
    assertFault(
        () -> plan(tabular(1), ITEMS),
        "features",
        "features is over items, must be a list of attributes for model kind tabular; list them");
    assertFault(
        () -> plan(twoTower(12), ATTRIBUTES),
        "features",
        "features is a list of attributes, must be over items for model kind two-tower; name a"
            + " catalogue");
  }

  @Test
  void refuses_labels_and_features_that_are_no_attributes() {
    List<Feature> age = Collections.singletonList(new Feature.Numeric("age", 0, 1));
    assertFault(
        () -> new FeatureSchema.Attributes(age, "Bought it?"),
        "features.label",
        "features.label is \"Bought it?\", must be the name of an event attribute; name one");
    assertFault(
        () -> new FeatureSchema.Attributes(age, "age"),
        "features.label",
        "features.label is age, must be none of the features; remove the feature: a model that sees"
            + " the answer learns nothing else");
    assertFault(
        () -> new FeatureSchema.Attributes(Collections.emptyList(), "bought"),
        "features",
        "features is 0, must be 1 to 1024; list the features (this counts them)");
    assertFault(
        () ->
            new FeatureSchema.Attributes(
                List.of(new Feature.Numeric("age", 0, 1), new Feature.HashedText("age", 2, 2)),
                "bought"),
        "features",
        "features is a repeated name, must be distinct names; remove one of them");
    assertFault(
        () -> new Feature.Numeric("Age", 0, 1),
        "features.name",
        "features.name is \"Age\", must be 1 to 64 characters of a-z 0-9 - . _; rename the event"
            + " attribute");
    assertFault(
        () -> new Feature.Categorical("gender", List.of("f", "m", "f"), 0),
        "features.gender.values",
        "features.gender.values is [f, m, f], must be distinct; remove the repeated value");
    assertFault(
        () -> new Feature.Numeric("age", 0, Double.NaN),
        "features.age.standard-deviation",
        "features.age.standard-deviation is NaN, must be 2.2250738585072014E-308 to"
            + " 1.7976931348623157E308; 1 is neutral");
  }

  private static final Feature COLOUR = new Feature.Categorical("colour", List.of("red"), 1);

  private static Feature pooled(Feature of, int last, double halfLife, String... events) {
    return new Feature.Pooled("history", of, last, halfLife, Set.of(events));
  }

  @Test
  void refuses_features_out_of_range() {
    assertFault(
        () -> new Feature.PrivateNumeric("age", Double.NaN, 1, 10, 5),
        "features.age.prior-mean",
        "features.age.prior-mean is NaN, must be -3.4028234663852886E38 to 3.4028234663852886E38;"
            + " 0 is neutral");
    assertFault(
        () -> new Feature.PrivateNumeric("age", 0, 0, 10, 5),
        "features.age.prior-standard-deviation",
        "features.age.prior-standard-deviation is 0.0, must be 1.0E-30 to 3.4028234663852886E38; 1"
            + " is neutral");
    assertFault(
        () -> new Feature.PrivateNumeric("age", 0, 1, 0, 5),
        "features.age.prior-count",
        "features.age.prior-count is 0, must be 1 to 10000; 10 is usual");
    assertFault(
        () -> new Feature.PrivateNumeric("age", 0, 1, 10, 0.5),
        "features.age.bound",
        "features.age.bound is 0.5, must be 1.0 to 100.0; 5 is usual");
    assertFault(
        () -> new Feature.DenseVector("image", 4097, true),
        "features.image.dimension",
        "features.image.dimension is 4097, must be 1 to 4096; set it to what the app's embedding"
            + " has");
    assertFault(
        () -> new Feature.ItemId("item", List.of(), 0),
        "features.item.unknown-buckets",
        "features.item.unknown-buckets is 0, must be 1 to 65536; 64 is usual; values and buckets"
            + " share 65536 inputs");
    assertFault(
        () -> new Feature.ItemId("item", List.of("a", "a"), 0),
        "features.item.values",
        "features.item.values is [a, a], must be distinct; remove the repeated value");
  }

  @Test
  void refuses_history_of_what_is_not_there_or_can_not_be_pooled() {
    assertFault(
        () -> pooled(COLOUR, 201, 0),
        "features.history.last",
        "features.history.last is 201, must be 1 to 200; 20 is usual");
    assertFault(
        () -> pooled(COLOUR, 20, 0.01),
        "features.history.half-life",
        "features.history.half-life is 0.01, must be 0.1 to 1000.0; or 0, to let all count alike");
    assertFault(
        () -> pooled(COLOUR, 20, 0, "Click!"),
        "features.history.events",
        "features.history.events is \"Click!\", must be names of 1 to 64 characters of a-z 0-9 - ."
            + " _; use the names of event kinds, such as click or add-to-cart");
    assertFault(
        () -> pooled(new Feature.PrivateNumeric("price", 0, 1, 10, 5), 20, 0),
        "features.history.of",
        "features.history.of is price, must be neither pooled nor private numeric; pool another"
            + " feature: the mean of a privately normalised number is 0 for everybody");
    assertFault(
        () -> pooled(pooled(COLOUR, 20, 0), 20, 0),
        "features.history.of",
        "features.history.of is history, must be neither pooled nor private numeric; pool another"
            + " feature: the mean of a privately normalised number is 0 for everybody");
    assertFault(
        () -> new FeatureSchema.Attributes(List.of(pooled(COLOUR, 20, 0), COLOUR), "bought"),
        "features.history.of",
        "features.history.of is colour, must be one of the features that are listed before; list"
            + " that one first");
    Feature image = new Feature.DenseVector("image", 4096, true);
    Feature last = new Feature.Pooled("later", image, 57, 0, Set.of());
    assertFault(
        () -> new FeatureSchema.Attributes(List.of(image, pooled(image, 200, 0), last), "bought"),
        "features.later.last",
        "features.later.last is 57, must be so low that all pooled features together keep at most"
            + " 1048576 numbers; lower it, or the dimension of what is pooled");
    assertFault(
        () -> Feature.Pooled.source("history", "color", List.of(COLOUR)),
        "features.history.of",
        "features.history.of is \"color\", must be the name of a feature that is listed before;"
            + " list that one first");
  }

  @Test
  void a_schema_of_a_mapping_that_is_not_known_is_refused_before_its_features_are_read() {
    String update =
        "features.mapping-version is 3, must be 1 to 2; update this software; on a device, the"
            + " app's SDK";
    assertFault(
        () -> new FeatureSchema.Attributes(3, List.of(COLOUR), "bought"),
        "features.mapping-version",
        update);
    assertFault(
        () -> TrainingPlan.fromBytes(tabularMessage(3, feature -> feature.clearEncoding())),
        "features.mapping-version",
        update);
    assertFault(
        () ->
            TrainingPlan.fromBytes(
                without(
                    message()
                        .setFeatures(message().getFeatures().toBuilder().setMappingVersion(3)))),
        "features.mapping-version",
        update);
    assertThat(((FeatureSchema) ITEMS).mappingVersion()).isEqualTo(1);
  }

  private static final Feature GENRE = new Feature.Categorical("genre", List.of("rock", "pop"), 1);

  private static FeatureSchema.Items known(int mapping, List<Feature> items, List<Feature> users) {
    return new FeatureSchema.Items(mapping, CATALOGUE, 10, 2, Set.of("click"), items, users);
  }

  @Test
  void a_plan_over_items_says_what_is_known_of_items_and_users_and_its_model_has_room_for_that() {
    FeatureSchema.Items schema =
        known(2, List.of(GENRE, new Feature.Numeric("year", 1990, 10)), List.of(GENRE));
    TrainingPlan plan = plan(new ModelSpecification.TwoTower(12, 4, true, 4, 3, 1), schema);

    assertThat(TrainingPlan.fromBytes(plan.toBytes())).isEqualTo(plan);
    assertThat(FeatureSchema.Items.mappingFor(List.of(), List.of())).isEqualTo(1);
    assertThat(FeatureSchema.Items.mappingFor(List.of(), List.of(GENRE))).isEqualTo(2);
    assertFault(
        () -> plan(new ModelSpecification.TwoTower(12, 4, true, 3, 3, 1), schema),
        "model.item-features",
        "model.item-features is 3, must be 4, the encoded width of features.item-features; set it"
            + " to that");
    assertFault(
        () -> plan(new ModelSpecification.NeuralCf(12, 4, true, List.of(), 4, 0, 1), schema),
        "model.user-features",
        "model.user-features is 0, must be 3, the encoded width of features.user-features; set it"
            + " to that");
  }

  @Test
  void refuses_features_of_items_and_users_that_make_no_sense() {
    assertFault(
        () -> known(1, List.of(GENRE), List.of()),
        "features.item-features",
        "features.item-features is 1, must be 0 to 0; set features.mapping-version to 2, or leave"
            + " it out");
    assertFault(
        () -> known(2, List.of(), List.of(GENRE, GENRE)),
        "features.user-features",
        "features.user-features is a repeated name, must be distinct names; remove one of them");
    assertFault(
        () -> known(2, List.of(), List.of(new Feature.PrivateNumeric("age", 0, 1, 10, 5))),
        "features.user-features.age",
        "features.user-features.age is of another kind, must be numeric, categorical, hashed-text"
            + " or dense-vector; take one of these: an item, or a person, is not an event");
    assertThatThrownBy(() -> known(2, Collections.nCopies(65, GENRE), List.of()))
        .hasMessageContaining("features.item-features is 65, must be 0 to 64");
  }

  @Test
  void a_catalogue_must_have_what_the_features_of_items_read() {
    Feature year = new Feature.Numeric("year", 1990, 10);
    Feature cover = new Feature.DenseVector("cover", 2, true);
    FeatureSchema.Items schema = known(2, List.of(GENRE, year, cover), List.of());
    List<String> columns = List.of("genre", "year", "cover");

    schema.requireFit(catalogue(columns, "rock|jazz", "1984", "0.5 -1e3"));
    schema.requireFit(catalogue(columns, "", "", ""));
    assertFault(
        () -> schema.requireFit(catalogue(List.of("genre", "year"), "rock", "1984")),
        "features.item-features.cover",
        "features.item-features.cover is no column of the catalogue, must be one of [genre, year];"
            + " add the column to the catalogue, or remove the feature");
    for (String wrong : List.of("new", "NaN", "1e999")) {
      assertFault(
          () -> schema.requireFit(catalogue(columns, "rock", wrong, "")),
          "features.item-features.year",
          "features.item-features.year is not readable of item a, must be a number, or empty; mend"
              + " the item's line in the catalogue");
    }
    for (String wrong : List.of("1", "1 2 3", "1  2", "1 x", "1 1e39")) {
      assertFault(
          () -> schema.requireFit(catalogue(columns, "rock", "", wrong)),
          "features.item-features.cover",
          "features.item-features.cover is not readable of item a, must be 2 numbers with a blank"
              + " between two, or empty; mend the item's line in the catalogue");
    }
  }

  private static Catalogue catalogue(List<String> columns, String... cells) {
    return Catalogue.of(columns, List.of(new Catalogue.Item("a", "A", List.of(cells))));
  }

  @Test
  void what_only_newer_software_knows_is_told_apart_from_what_nobody_can_carry_out() {
    byte[] newer = tabularMessage(3, feature -> feature);
    InvalidPlanException tooNew =
        catchThrowableOfType(InvalidPlanException.class, () -> TrainingPlan.fromBytes(newer));
    InvalidPlanException wrong =
        catchThrowableOfType(
            InvalidPlanException.class,
            () -> new FeatureSchema.Attributes(List.of(COLOUR), "no name"));

    assertThat(tooNew.isNewer()).isTrue();
    assertThat(tooNew.finding()).isEqualTo("features.mapping-version is 3, must be 1 to 2");
    assertThat(wrong.isNewer()).isFalse();
  }

  @Test
  void a_plan_from_before_mappings_were_numbered_has_the_first() {
    TrainingPlan plan = TrainingPlan.fromBytes(tabularMessage(0, feature -> feature));

    assertThat(plan.features()).isEqualTo(ATTRIBUTES);
    assertThat(plan.features().mappingVersion()).isEqualTo(1);
  }

  /** Field 100, which no version has yet: so an old device sees a kind that came after it. */
  @Test
  void a_kind_of_feature_from_a_newer_coordinator_is_refused_with_the_remedy() throws Exception {
    byte[] newer = {10, 3, 'a', 'g', 'e', (byte) 0xa2, 6, 2, 8, 1};
    io.tacit.protocol.v1.Feature unknown = io.tacit.protocol.v1.Feature.parseFrom(newer);

    assertFault(
        () -> TrainingPlan.fromBytes(tabularMessage(1, feature -> unknown.toBuilder())),
        "features.age",
        "features.age is of a newer kind, must be numeric, private numeric, categorical, item id,"
            + " hashed text, dense vector or pooled; update this software; on a device, the app's"
            + " SDK");
  }

  private static byte[] tabularMessage(
      int mappingVersion, UnaryOperator<io.tacit.protocol.v1.Feature.Builder> change) {
    io.tacit.protocol.v1.TrainingPlan message = PlanMessages.encode(plan(tabular(1), ATTRIBUTES));
    io.tacit.protocol.v1.FeatureSchema.Builder features = message.getFeatures().toBuilder();
    features.setFeatures(0, change.apply(features.getFeatures(0).toBuilder()));
    return message.toBuilder()
        .setFeatures(features.setMappingVersion(mappingVersion))
        .build()
        .toByteArray();
  }

  @Test
  void refuses_plain_aggregation_that_is_not_declared_to_be_for_development() {
    assertFault(
        () ->
            new AggregationSettings(
                AggregationSettings.Mode.PLAIN, false, AggregationSettings.Weighting.UNIFORM, 100),
        "aggregation.development",
        "aggregation.development is false, must be true with mode plain, in which the coordinator"
            + " sees every single update; declare the plan to be for development");
  }

  @Test
  void refuses_a_mean_with_a_factor_and_deadlines_out_of_range() {
    assertFault(
        () -> new ServerOptimiserSettings(ServerOptimiserSettings.Kind.MEAN, 2, 0.9, 0.99, 0.001),
        "server-optimiser.learning-rate",
        "server-optimiser.learning-rate is 2.0, must be 1 for kind mean; use kind scaled-mean for"
            + " another factor");
    assertFault(
        () ->
            new DeadlineSettings(
                Duration.ofMillis(999), Duration.ofSeconds(1), Duration.ofSeconds(1)),
        "deadlines.train",
        "deadlines.train is 999ms, must be 1000ms to 86400000ms; 5 minutes are usual");
  }

  @Test
  void weights_examples_up_to_their_bound() {
    AggregationSettings settings =
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.EXAMPLES, 40);

    assertThat(settings.weight(10)).isEqualTo(0.25);
    assertThat(settings.weight(400)).isEqualTo(1);
  }

  @Test
  void refuses_bytes_that_are_no_plan_of_this_version() {
    assertThatThrownBy(() -> TrainingPlan.fromBytes(new byte[] {(byte) 0xff, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("plan is not a tacit.v1.TrainingPlan message");
    assertThatThrownBy(() -> TrainingPlan.fromBytes(new byte[1024 * 1024 + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("plan has 1048577 bytes, must be at most 1048576");
    assertFault(
        () -> TrainingPlan.fromBytes(without(message().clearModel())),
        "model.kind",
        "model.kind is missing or of a newer version, must be tabular, neural-cf or two-tower;"
            + " update this software; on a device, the app's SDK");
    assertFault(
        () ->
            TrainingPlan.fromBytes(
                without(
                    message().setClient(message().getClient().toBuilder().setOptimiserValue(9)))),
        "client.optimiser",
        "client.optimiser is number 9, must be 1 to 3; update this software; on a device, the app's"
            + " SDK");
    assertFault(
        () ->
            TrainingPlan.fromBytes(
                without(message().setCohort(message().getCohort().toBuilder().setMinimum(1000)))),
        "cohort.minimum",
        "cohort.minimum is 1000, must be 1 to 128; it may not be above cohort.size; lower it or"
            + " raise that");
    assertFault(
        () -> TrainingPlan.fromBytes(without(message().clearFeatures())),
        "features",
        "features: content hash has 0 bytes, must have exactly 32");
  }

  private static byte[] without(io.tacit.protocol.v1.TrainingPlan.Builder message) {
    return message.build().toByteArray();
  }

  private static io.tacit.protocol.v1.TrainingPlan.Builder message() {
    return PlanMessages.encode(plan(twoTower(12), ITEMS)).toBuilder();
  }

  private static FeatureSchema.Items items(Set<String> positiveEvents) {
    return new FeatureSchema.Items(CATALOGUE, 10, 2, positiveEvents);
  }

  private static ModelSpecification twoTower(int items) {
    return new ModelSpecification.TwoTower(items, 4, true, 1);
  }

  private static ModelSpecification twoTower(int items, Recency recency) {
    return new ModelSpecification.TwoTower(items, 4, true, 0, 0, recency, 1);
  }

  private static ModelSpecification tabular(int inputs) {
    return new ModelSpecification.Tabular(inputs, LAYERS, Loss.BINARY_CROSS_ENTROPY, 1);
  }

  private static TrainingPlan plan(ModelSpecification model, FeatureSchema features) {
    return new TrainingPlan(
        new PlanId("plan"),
        1,
        "test",
        model,
        features,
        CLIENT,
        new CohortSettings(128, 64, 1.3),
        new DeadlineSettings(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(60)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 0.9, 0.99, 0.001),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        60);
  }

  /** A plan over items without an end. */
  static TrainingPlan anyPlan() {
    return plan(twoTower(12), ITEMS);
  }

  private static TrainingPlan randomPlan(SplitMix64 random) {
    FeatureSchema.Items items =
        new FeatureSchema.Items(
            ContentHash.of(new byte[] {(byte) random.nextInt(256)}),
            1 + random.nextInt(1000),
            random.nextInt(20),
            randomNames(random));
    FeatureSchema.Attributes attributes = randomAttributes(random);
    int cohort = 1 + random.nextInt(500);
    int examplesMin = 1 + random.nextInt(10);
    long seed = random.nextLong();
    ModelSpecification model;
    switch (random.nextInt(3)) {
      case 0:
        model =
            new ModelSpecification.Tabular(
                attributes.width(), randomLayers(random), Loss.MEAN_SQUARED_ERROR, seed);
        break;
      case 1:
        model =
            new ModelSpecification.NeuralCf(
                items.rows(),
                1 + random.nextInt(32),
                random.nextInt(2) == 0,
                random.nextInt(2) == 0 ? Collections.emptyList() : randomLayers(random),
                seed);
        break;
      default:
        model =
            new ModelSpecification.TwoTower(
                items.rows(),
                1 + random.nextInt(32),
                random.nextInt(2) == 0,
                0,
                0,
                random.nextInt(2) == 0
                    ? Recency.NONE
                    : new Recency(1 - random.nextDouble(), 0.1 + 999 * random.nextDouble()),
                seed);
    }
    return new TrainingPlan(
        new PlanId("p" + random.nextInt(1000)),
        1 + random.nextInt(Integer.MAX_VALUE - 1),
        "population-" + random.nextInt(10),
        model,
        model instanceof ModelSpecification.Tabular ? attributes : items,
        new ClientSettings(
            pick(random, ClientSettings.Optimiser.values()),
            random.nextDouble() + 1e-6,
            1 + random.nextInt(100),
            random.nextInt(1000),
            random.nextInt(101),
            random.nextDouble() * 100 + 1e-3,
            examplesMin,
            examplesMin + random.nextInt(1000),
            random.nextInt(2) == 0,
            random.nextDouble()),
        new CohortSettings(cohort, 1 + random.nextInt(cohort), 1 + random.nextDouble()),
        new DeadlineSettings(
            Duration.ofMillis(1000 + random.nextInt(80_000_000)),
            Duration.ofMillis(1000 + random.nextInt(200_000)),
            Duration.ofMillis(1000 + random.nextInt(2_000_000))),
        new ServerOptimiserSettings(
            ServerOptimiserSettings.Kind.values()[1 + random.nextInt(3)],
            random.nextDouble() + 1e-6,
            random.nextDouble(),
            random.nextDouble(),
            random.nextDouble() + 1e-6),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN,
            true,
            pick(random, AggregationSettings.Weighting.values()),
            1 + random.nextInt(1000)),
        new EvaluationSettings(random.nextDouble() / 2),
        1 + random.nextInt(1000));
  }

  private static FeatureSchema.Attributes randomAttributes(SplitMix64 random) {
    List<Feature> features = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String name = "f" + i;
      switch (random.nextInt(7)) {
        case 0:
          features.add(
              new Feature.Numeric(name, random.nextGaussian(), random.nextDouble() + 1e-3));
          break;
        case 1:
          features.add(
              new Feature.Categorical(
                  name,
                  List.of("x", "ü", "", String.valueOf(random.nextInt(99))),
                  random.nextInt(5)));
          break;
        case 2:
          features.add(new Feature.HashedText(name, 1 + random.nextInt(64), 1 + random.nextInt(8)));
          break;
        case 3:
          features.add(
              new Feature.PrivateNumeric(
                  name,
                  random.nextGaussian(),
                  random.nextDouble() + 1e-3,
                  1 + random.nextInt(100),
                  1 + 10 * random.nextDouble()));
          break;
        case 4:
          features.add(
              new Feature.ItemId(
                  name,
                  random.nextInt(2) == 0 ? List.of() : List.of("item-1", "ü"),
                  1 + random.nextInt(8)));
          break;
        case 5:
          features.add(
              new Feature.DenseVector(name, 1 + random.nextInt(512), random.nextInt(2) == 0));
          break;
        default:
          features.add(new Feature.HashedText(name, 8, 3));
          features.add(
              new Feature.Pooled(
                  name + "-history",
                  features.get(features.size() - 1),
                  1 + random.nextInt(200),
                  random.nextInt(2) == 0 ? 0 : 0.1 + random.nextDouble(),
                  random.nextInt(2) == 0 ? Set.of() : randomNames(random)));
      }
    }
    return new FeatureSchema.Attributes(features, "label");
  }

  private static List<DenseLayer> randomLayers(SplitMix64 random) {
    List<DenseLayer> layers = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      // Without the last of them, softmax, which only fits one place.
      Activation activation = Activation.values()[random.nextInt(4)];
      layers.add(new DenseLayer(1 + random.nextInt(64), activation));
    }
    return layers;
  }

  private static Set<String> randomNames(SplitMix64 random) {
    Set<String> names = new HashSet<>();
    names.add("click");
    int count = random.nextInt(9);
    for (int i = 0; i < count; i++) {
      names.add("event-" + random.nextInt(1000));
    }
    return names;
  }

  private static <E> E pick(SplitMix64 random, E[] values) {
    return values[random.nextInt(values.length)];
  }

  private static void assertFault(ThrowingCallable call, String field, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidPlanException.class)
        .hasMessage(message)
        .satisfies(e -> assertThat(((InvalidPlanException) e).field()).isEqualTo(field));
  }

  @Test
  @Tag(Fuzz.TAG)
  void what_is_damaged_is_refused_or_read_and_written_alike() {
    SplitMix64 random = new SplitMix64(1);
    byte[][] samples = new byte[20][];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = randomPlan(random).toBytes();
    }

    Fuzz.of(samples)
        .refusedWith(IllegalArgumentException.class, InvalidPlanException.class)
        .feed(
            input -> {
              TrainingPlan read = TrainingPlan.fromBytes(input);
              assertThat(TrainingPlan.fromBytes(read.toBytes())).isEqualTo(read);
            });
  }
}
