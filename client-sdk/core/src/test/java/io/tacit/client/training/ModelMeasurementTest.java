package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.tacit.client.TestPlans;
import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterLayout;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.Seeds;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelMeasurementTest {

  private static final String EMBEDDING = ModelSpecification.ITEM_EMBEDDING;
  private static final String BIAS = ModelSpecification.ITEM_BIAS;
  private static final String HISTORY = ModelSpecification.HISTORY_EMBEDDING;

  /** Items that follow the catalogue in every model here. */
  private static final int BUCKETS = 2;

  private static TrainingPlan plan(ModelSpecification model, int catalogue) {
    TrainingPlan small = TestPlans.twoTower();
    return new TrainingPlan(
        small.id(),
        small.version(),
        small.population(),
        model,
        new FeatureSchema.Items(
            TestPlans.catalogue().contentHash(), catalogue, BUCKETS, Set.of("click")),
        small.client(),
        small.cohort(),
        small.deadlines(),
        small.serverOptimiser(),
        small.aggregation(),
        small.evaluation(),
        small.rounds());
  }

  private static TrainingPlan twoTower(int catalogue) {
    return plan(new ModelSpecification.TwoTower(catalogue + BUCKETS, 2, true, 7), catalogue);
  }

  private static TrainingPlan neuralCf(int catalogue, DenseLayer... tower) {
    return plan(
        new ModelSpecification.NeuralCf(catalogue + BUCKETS, 2, true, List.of(tower), 7),
        catalogue);
  }

  /** A model of zeros, but for what a test sets. */
  private static final class HandMade {

    private final ParameterLayout layout;
    private final float[] values;

    HandMade(TrainingPlan plan) {
      layout = plan.model().layout();
      values = new float[layout.size()];
    }

    HandMade set(String block, int row, float... elements) {
      System.arraycopy(elements, 0, values, layout.block(block).rowOffset(row), elements.length);
      return this;
    }

    ModelParameters model() {
      return ModelParameters.copyOf(values);
    }
  }

  private static LocalTrainerHoldout items(int[] training, int... heldBack) {
    return new LocalTrainerHoldout(
        InteractionExamples.of(training), InteractionExamples.of(heldBack));
  }

  private static ModelMeasurement measure(
      TrainingPlan plan, ModelParameters model, LocalTrainerHoldout examples) {
    return ModelMeasurement.of(plan, model, examples).orElseThrow();
  }

  private static double gainOfRank(int rank) {
    return Math.log(2) / Math.log(rank + 2);
  }

  // ---- models over items ----

  @Test
  void the_training_items_alone_say_who_the_user_is() {
    TrainingPlan plan = twoTower(20);
    HandMade made = new HandMade(plan).set(HISTORY, 3, 1, 0).set(HISTORY, 4, 0, 1);
    for (int item = 0; item < 20; item++) {
      made.set(EMBEDDING, item, item, -item);
    }
    // To the user of item 3 later items are better, to that of item 4 earlier ones.
    ModelParameters model = made.model();

    assertThat(measure(plan, model, items(new int[] {3}, 18)))
        .isEqualTo(new ModelMeasurement(1, gainOfRank(1)));
    assertThat(measure(plan, model, items(new int[] {4}, 18)).first()).isZero();
    assertThat(measure(plan, model, items(new int[] {4}, 2)))
        .isEqualTo(new ModelMeasurement(1, gainOfRank(2)));
  }

  @Test
  void what_the_device_has_is_no_rival_and_neither_is_a_bucket_of_unknown_ids() {
    TrainingPlan plan = twoTower(20);
    HandMade made = new HandMade(plan).set(BIAS, 20, 1000).set(BIAS, 21, 1000);
    for (int item = 0; item < 20; item++) {
      made.set(BIAS, item, item);
    }
    ModelParameters model = made.model();

    // 19 to 15 are the device's own, so item 14 is the best of those that it could be shown.
    assertThat(measure(plan, model, items(new int[] {19, 18, 17, 20}, 14, 15, 16)))
        .isEqualTo(new ModelMeasurement(1, 1));
    assertThat(measure(plan, model, items(new int[] {19}, 17, 8)))
        .as("ranks 1 and 9")
        .isEqualTo(new ModelMeasurement(1, (gainOfRank(1) + gainOfRank(9)) / 2));
    assertThat(measure(plan, model, items(new int[] {0}, 8)))
        .as("eleven are better")
        .isEqualTo(new ModelMeasurement(0, 0));
  }

  @Test
  void a_held_back_item_that_no_catalogue_has_is_not_measured_on() {
    TrainingPlan plan = twoTower(20);
    ModelParameters model = new HandMade(plan).set(BIAS, 5, 1).model();

    assertThat(ModelMeasurement.of(plan, model, items(new int[] {1}, 20, 21))).isEmpty();
    assertThat(measure(plan, model, items(new int[] {1}, 20, 5)))
        .isEqualTo(new ModelMeasurement(1, 1));
  }

  @Test
  void a_device_that_holds_nothing_back_has_nothing_to_say() {
    TrainingPlan plan = twoTower(20);

    assertThat(ModelMeasurement.of(plan, new HandMade(plan).model(), items(new int[] {1, 2})))
        .isEmpty();
  }

  @Test
  void a_model_that_gives_all_items_one_score_is_no_good() {
    TrainingPlan plan = twoTower(20);

    assertThat(measure(plan, new HandMade(plan).model(), items(new int[] {1}, 2, 3)))
        .isEqualTo(new ModelMeasurement(0, 0));
  }

  /** Ten items of one taste and thirty of another; three of the former are left to be beaten. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_private_vector_is_fitted_to_the_training_items_alone(boolean likesTheFew) {
    TrainingPlan plan = neuralCf(40);
    HandMade made = new HandMade(plan);
    for (int item = 0; item < 40; item++) {
      made.set(EMBEDDING, item, item < 10 ? 2 : -2, 0);
    }
    int[] training = likesTheFew ? new int[] {0, 1, 2, 3, 4} : new int[] {10, 11, 12, 13, 14};

    assertThat(measure(plan, made.model(), items(training, 5, 6)))
        .isEqualTo(
            likesTheFew ? new ModelMeasurement(1, gainOfRank(3)) : new ModelMeasurement(0, 0));
  }

  @Test
  void a_device_without_training_items_measures_what_everyone_likes() {
    for (TrainingPlan plan : List.of(twoTower(20), neuralCf(20))) {
      ModelParameters model = new HandMade(plan).set(BIAS, 7, 2).set(BIAS, 8, 1).model();

      assertThat(measure(plan, model, items(new int[0], 8)))
          .isEqualTo(new ModelMeasurement(1, gainOfRank(1)));
    }
  }

  static LongStream seeds() {
    return Seeds.upTo(20);
  }

  /** The catalogue is of more than two tiles, and not of whole ones. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agrees_with_ranking_one_by_one_over_a_catalogue_of_many_tiles(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int catalogue = 2_049 + random.nextInt(1_500);
    DenseLayer layer = new DenseLayer(3, Activation.RELU);
    TrainingPlan plan =
        switch (random.nextInt(3)) {
          case 0 -> twoTower(catalogue);
          case 1 -> neuralCf(catalogue);
          default -> neuralCf(catalogue, layer);
        };
    ModelParameters model = Tasks.randomParameters(plan.model(), seed, 0.7);
    int[] own = random.ints(0, catalogue).distinct().limit(60).toArray();
    LocalTrainerHoldout examples =
        items(Arrays.copyOf(own, 20), Arrays.copyOfRange(own, 20, own.length));

    ModelMeasurement measured = measure(plan, model, examples);

    double[] expected = oneByOne(plan, model, examples, catalogue);
    assertThat(measured.first()).isEqualTo(expected[0]).isBetween(0.0, 1.0);
    assertThat(measured.second()).isCloseTo(expected[1], within(1e-12)).isBetween(0.0, 1.0);
  }

  private static double[] oneByOne(
      TrainingPlan plan, ModelParameters model, LocalTrainerHoldout examples, int catalogue) {
    ItemScorer scorer = ItemScorer.of(plan.model(), model);
    InteractionExamples training = (InteractionExamples) examples.training();
    int[] heldBack = ((InteractionExamples) examples.heldBack()).items();
    UserVector zero = UserVector.copyOf(new float[2]);
    UserVector user =
        plan.model() instanceof ModelSpecification.NeuralCf
            ? UserVectorFit.of(plan, scorer, training.items(), training.userFeatures(), zero)
            : scorer.userVector(training.items(), null);
    float[] scores = new float[catalogue];
    scorer.score(user, IntStream.range(0, catalogue).toArray(), scores);
    double hits = 0;
    double gain = 0;
    for (int target : heldBack) {
      int rank = 0;
      for (int item = 0; item < catalogue; item++) {
        boolean isOwn = contains(training.items(), item) || contains(heldBack, item);
        rank += !isOwn && scores[item] >= scores[target] ? 1 : 0;
      }
      hits += rank < 10 ? 1 : 0;
      gain += rank < 10 ? gainOfRank(rank) : 0;
    }
    return new double[] {hits / heldBack.length, gain / heldBack.length};
  }

  private static boolean contains(int[] items, int item) {
    return Arrays.stream(items).anyMatch(other -> other == item);
  }

  /** One copy of the parameters, and a little: an object per item would be as much again. */
  @Test
  void measuring_takes_no_memory_per_item_beside_a_copy_of_the_model() {
    int catalogue = 100_000;
    TrainingPlan plan = twoTower(catalogue);
    ModelParameters model = Tasks.randomParameters(plan.model(), 1, 0.1);
    LocalTrainerHoldout examples = items(new int[] {5, 6, 7}, 99_000, 50_000);
    measure(plan, model, examples);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();

    long before = threads.getThreadAllocatedBytes(thread);
    measure(plan, model, examples);
    long bytes = threads.getThreadAllocatedBytes(thread) - before;

    assertThat(bytes).isLessThan(4L * model.size() + 200_000);
  }

  // ---- models with labels ----

  private static TrainingPlan tabular(Loss loss, DenseLayer output) {
    return TestPlans.tabular(loss, output, 0.5, new Feature.Numeric("x", 0, 1));
  }

  private static LocalTrainerHoldout rows(float[] features, float... labels) {
    TabularExamples heldBack = TabularExamples.of(features.length, features, labels);
    return new LocalTrainerHoldout(heldBack, heldBack);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void a_sigmoid_says_yes_from_one_half_on() {
    TrainingPlan plan = tabular(Loss.BINARY_CROSS_ENTROPY, new DenseLayer(1, Activation.SIGMOID));
    ModelParameters model = ModelParameters.copyOf(new float[] {1, 0});

    ModelMeasurement measured =
        measure(plan, model, rows(new float[] {2, -2, -3, 0, 1}, 1, 1, 0, 1, 0));

    assertThat(measured.first()).isEqualTo(3.0 / 5);
    assertThat(measured.second())
        .isCloseTo(
            (sigmoid(2) + sigmoid(-2) + 1 - sigmoid(-3) + 0.5 + 1 - sigmoid(1)) / 5, within(1e-6));
  }

  @Test
  void a_softmax_must_give_the_right_class_more_than_any_other() {
    TrainingPlan plan =
        tabular(Loss.CATEGORICAL_CROSS_ENTROPY, new DenseLayer(2, Activation.SOFTMAX));
    // Class 0 has the logit x, class 1 its opposite.
    ModelParameters model = ModelParameters.copyOf(new float[] {1, -1, 0, 0});

    ModelMeasurement measured = measure(plan, model, rows(new float[] {3, -1, -1, 0}, 0, 1, 0, 1));

    assertThat(measured.first()).as("the last is a tie").isEqualTo(2.0 / 4);
    assertThat(measured.second())
        .isCloseTo((sigmoid(6) + sigmoid(2) + sigmoid(-2) + 0.5) / 4, within(1e-6));
  }

  @Test
  void squared_errors_become_figures_of_which_more_is_better() {
    TrainingPlan plan = tabular(Loss.MEAN_SQUARED_ERROR, new DenseLayer(1, Activation.IDENTITY));
    ModelParameters model = ModelParameters.copyOf(new float[] {1, 0});

    // Errors 0, 1 and 2.
    ModelMeasurement measured = measure(plan, model, rows(new float[] {5, 5, 5}, 5, 4, 7));

    assertThat(measured.first()).isCloseTo((1 + 1 / 2.0 + 1 / 5.0) / 3, within(1e-12));
    assertThat(measured.second()).isCloseTo((1 + Math.exp(-0.5) + Math.exp(-2)) / 3, within(1e-12));
  }

  @Test
  void without_held_back_rows_there_is_nothing_to_say() {
    TrainingPlan plan = tabular(Loss.BINARY_CROSS_ENTROPY, new DenseLayer(1, Activation.SIGMOID));
    LocalTrainerHoldout none =
        new LocalTrainerHoldout(
            TabularExamples.of(1, new float[] {1}, new float[] {1}),
            TabularExamples.of(0, new float[0], new float[0]));

    assertThat(ModelMeasurement.of(plan, ModelParameters.copyOf(new float[2]), none)).isEmpty();
  }

  // ---- models that are none ----

  private static List<TrainingPlan> allKinds() {
    return List.of(
        twoTower(20),
        neuralCf(20),
        neuralCf(20, new DenseLayer(3, Activation.RELU)),
        tabular(Loss.BINARY_CROSS_ENTROPY, new DenseLayer(1, Activation.SIGMOID)),
        tabular(Loss.CATEGORICAL_CROSS_ENTROPY, new DenseLayer(2, Activation.SOFTMAX)),
        tabular(Loss.MEAN_SQUARED_ERROR, new DenseLayer(1, Activation.IDENTITY)));
  }

  private static LocalTrainerHoldout examplesOf(TrainingPlan plan) {
    return plan.model() instanceof ModelSpecification.Tabular
        ? rows(new float[] {1, -2, 0}, 1, 0, 1)
        : items(new int[] {3, 1, 20}, 4, 7);
  }

  @ParameterizedTest
  @ValueSource(floats = {1e16f, -1e16f, Float.MAX_VALUE, -Float.MAX_VALUE})
  void a_model_whose_sums_may_be_infinite_is_as_bad_as_can_be_and_no_error(float value) {
    for (TrainingPlan plan : allKinds()) {
      float[] values = new float[plan.parameters()];
      Arrays.fill(values, value);

      assertThat(measure(plan, ModelParameters.copyOf(values), examplesOf(plan)))
          .as(plan.model().kind())
          .isEqualTo(new ModelMeasurement(0, 0));
    }
  }

  static LongStream manySeeds() {
    return Seeds.upTo(100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  void both_figures_are_from_zero_to_one_whatever_the_model(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (TrainingPlan plan : allKinds()) {
      double size = Math.pow(10, random.nextInt(-10, 16));
      ModelParameters model = Tasks.randomParameters(plan.model(), random.nextLong(), size);

      ModelMeasurement measured = measure(plan, model, examplesOf(plan));

      assertThat(measured.first()).as(plan.model().kind()).isBetween(0.0, 1.0);
      assertThat(measured.second()).as(plan.model().kind()).isBetween(0.0, 1.0);
    }
  }
}
