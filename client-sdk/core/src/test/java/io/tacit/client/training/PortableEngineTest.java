package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.Recency;
import io.tacit.protocol.model.SplitMix64;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PortableEngineTest {

  private static final List<DenseLayer> PERCEPTRON =
      List.of(new DenseLayer(4, Activation.RELU), new DenseLayer(1, Activation.SIGMOID));
  private static final ModelSpecification.TwoTower TWO_TOWER =
      new ModelSpecification.TwoTower(20, 4, true, 1);
  private static final ModelSpecification.NeuralCf FACTORISATION =
      new ModelSpecification.NeuralCf(20, 4, true, List.of(), 1);
  private static final ModelSpecification.NeuralCf NEURAL_CF =
      new ModelSpecification.NeuralCf(20, 4, false, List.of(new DenseLayer(3, Activation.RELU)), 1);
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(OptimiserKind.ADAM, 0.01, 3, 4, 2, false, 0.1);

  private final PortableEngine engine = new PortableEngine();

  static List<TrainingTask> tasksOfEveryKind() {
    return List.of(
        Tasks.tabular(3, PERCEPTRON, Loss.BINARY_CROSS_ENTROPY, 10, SETTINGS),
        Tasks.items(TWO_TOWER, SETTINGS, 3, 1, 4, 15),
        Tasks.items(FACTORISATION, SETTINGS, 3, 1, 4, 15),
        Tasks.items(NEURAL_CF, SETTINGS, 3, 1, 4, 15));
  }

  @ParameterizedTest
  @MethodSource("tasksOfEveryKind")
  void the_same_seed_gives_the_same_bits_and_another_seed_others(TrainingTask task)
      throws TrainingDivergedException {
    TrainingResult first = engine.train(task);
    TrainingResult again = new PortableEngine().train(task);
    TrainingResult other = engine.train(Tasks.withSeed(task, task.seed() + 1));

    assertThat(again.delta().toArray()).isEqualTo(first.delta().toArray());
    assertThat(again.meanLoss()).isEqualTo(first.meanLoss());
    assertThat(again.userVector()).isEqualTo(first.userVector());
    assertThat(other.delta().toArray()).isNotEqualTo(first.delta().toArray());
  }

  static List<TrainingTask> tasksWithFeatures() {
    return List.of(
        Tasks.withFeatures(
            Tasks.items(
                new ModelSpecification.TwoTower(20, 4, true, 5, 3, 1), SETTINGS, 3, 1, 4, 15),
            5,
            3),
        Tasks.withFeatures(
            Tasks.items(
                new ModelSpecification.NeuralCf(
                    20, 4, true, List.of(new DenseLayer(3, Activation.RELU)), 5, 3, 1),
                SETTINGS,
                3,
                1,
                4,
                15),
            5,
            3));
  }

  @ParameterizedTest
  @MethodSource("tasksWithFeatures")
  void learns_rows_of_features_and_of_nobody_else(TrainingTask task)
      throws TrainingDivergedException {
    ModelSpecification.OfItems model = (ModelSpecification.OfItems) task.specification();

    float[] delta = engine.train(task).delta().toArray();

    ParameterBlock users = model.layout().block(ModelSpecification.USER_FEATURE_EMBEDDING);
    ParameterBlock items = model.layout().block(ModelSpecification.ITEM_FEATURE_EMBEDDING);
    assertThat(delta[users.rowOffset(0)]).isNotZero();
    assertThat(delta[users.rowOffset(1)]).as("a feature that the user has not").isZero();
    assertThat(delta[users.rowOffset(2)]).isNotZero();
    assertThat(delta[items.rowOffset(3)]).isNotZero();
    assertThat(engine.train(task).delta().toArray()).isEqualTo(delta);
  }

  /** What a device trains with features, it scores with the same features. */
  @ParameterizedTest
  @MethodSource("tasksWithFeatures")
  void the_loss_of_training_is_that_of_the_scores(TrainingTask task)
      throws TrainingDivergedException {
    InteractionExamples examples = (InteractionExamples) task.examples();
    UserVector own = UserVector.initial(4, 9);
    TrainingSettings tiny = new TrainingSettings(OptimiserKind.SGD, 1e-30, 1, 0, 0, true, 0);
    TrainingTask positivesOnly =
        new TrainingTask(task.specification(), task.start(), examples, tiny, 1, own);
    ItemScorer scorer = ItemScorer.of(task.specification(), task.start(), examples.itemFeatures());
    double expected = 0;
    for (int left : examples.items()) {
      int[] others = IntStream.of(examples.items()).filter(item -> item != left).toArray();
      float[] logit = new float[1];
      scorer.score(
          scorer.userVector(others, own, examples.userFeatures()), new int[] {left}, logit);
      expected += OutputLoss.logistic(logit[0], 1) / examples.size();
    }

    assertThat(engine.train(positivesOnly).meanLoss()).isCloseTo(expected, within(1e-5));
  }

  /** The definition, written down with the order in which the schedule numbers negatives. */
  @Test
  void with_recency_an_example_is_learnt_at_its_moment() throws TrainingDivergedException {
    ModelSpecification.TwoTower model =
        new ModelSpecification.TwoTower(20, 4, true, 0, 0, new Recency(0.6, 1), 1);
    TrainingSettings tiny = new TrainingSettings(OptimiserKind.SGD, 1e-30, 1, 0, 4, true, 0);
    int[] own = {3, 1, 15};
    TrainingTask task = Tasks.items(model, tiny, own);
    InteractionSchedule schedule =
        new InteractionSchedule(own, 20, tiny, new SplitMix64(task.seed()));
    double expected = 0;
    for (int moment = 0; moment < 3; moment++) {
      expected += OutputLoss.logistic(logit(task, own, moment, own[moment]), 1);
    }
    for (int negative = 3; negative < schedule.items(); negative++) {
      expected += OutputLoss.logistic(logit(task, own, negative % 3, schedule.row(negative)), 0);
    }

    assertThat(schedule.items()).as("own items and negatives").isEqualTo(15);
    assertThat(engine.train(task).meanLoss()).isCloseTo(expected / 15, within(1e-5));
  }

  /** The score of an item for the user of {@code own} at the moment of one of them. */
  private static float logit(TrainingTask task, int[] own, int moment, int item) {
    ModelParameters w = task.start();
    int history =
        task.specification().layout().block(ModelSpecification.HISTORY_EMBEDDING).offset();
    int[] pool = IntStream.of(own).filter(other -> other != item).toArray();
    double logit = w.get(80 + item);
    for (int j = 0; j < 4; j++) {
      double user = 0;
      for (int other : pool) {
        user += Math.sqrt(0.4) / Math.sqrt(pool.length) * w.get(history + 4 * other + j);
      }
      for (int i = 0; i < moment; i++) {
        double counts = Math.sqrt(0.6) * Math.sqrt(0.75) * Math.pow(0.5, moment - 1 - i);
        user += counts * w.get(history + 4 * own[i] + j);
      }
      logit += user * w.get(4 * item + j);
    }
    return (float) logit;
  }

  @Test
  void refuses_features_that_the_model_has_not() {
    TrainingTask task =
        Tasks.withFeatures(
            Tasks.items(
                new ModelSpecification.TwoTower(20, 4, true, 5, 3, 1), SETTINGS, 3, 1, 4, 15),
            9,
            3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.train(task))
        .withMessageMatching(
            "item feature [5-8] is none of the model's 5; encode features with the model's plan");
  }

  @ParameterizedTest
  @MethodSource("tasksOfEveryKind")
  void says_how_many_examples_it_used_and_leaves_the_start_alone(TrainingTask task)
      throws TrainingDivergedException {
    float[] before = task.start().toArray();
    TrainingResult result = engine.train(task);
    assertThat(result.examples()).isEqualTo(task.examples().size());
    assertThat(result.delta().size()).isEqualTo(before.length);
    assertThat(task.start().toArray()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("tasksOfEveryKind")
  void refuses_to_return_what_left_the_finite_numbers(TrainingTask task) {
    TrainingSettings wild = new TrainingSettings(OptimiserKind.SGD, 1e38, 50, 0, 2, true, 0);
    assertThatExceptionOfType(TrainingDivergedException.class)
        .isThrownBy(() -> engine.train(Tasks.withSettings(task, wild)))
        .withMessageMatching(
            "(the loss|a parameter|the user vector) became NaN or infinite in epoch \\d+;"
                + " nothing is sent; lower learningRate or epochs in the training plan")
        .satisfies(e -> assertThat(e.epoch()).isBetween(1, 50));
  }

  /**
   * One full step over a catalogue that is the own items plus all others as negatives: nothing is
   * random, and the gradients can be written down as in the model's definition, with V, Q and b as
   * whole matrices in doubles.
   */
  @Test
  void a_two_tower_step_is_what_the_definition_says() throws TrainingDivergedException {
    int items = 7;
    int k = 3;
    int[] own = {5, 2, 0};
    ModelSpecification.TwoTower model = new ModelSpecification.TwoTower(items, k, true, 1);
    TrainingTask task = Tasks.items(model, Tasks.oneStep(0.1, 4), own);

    float[] delta = engine.train(task).delta().toArray();

    double[] expected = twoTowerStep(task.start(), items, k, own, 0.1);
    for (int i = 0; i < delta.length; i++) {
      assertThat((double) delta[i]).as("parameter %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  private static double[] twoTowerStep(
      ModelParameters w, int items, int k, int[] own, double rate) {
    int bias = items * k;
    int history = bias + items;
    double[] delta = new double[w.size()];
    double[] sum = new double[k];
    for (int h : own) {
      for (int j = 0; j < k; j++) {
        sum[j] += w.get(history + h * k + j);
      }
    }
    for (int i = 0; i < items; i++) {
      boolean positive = IntStream.of(own).anyMatch(List.of(i)::contains);
      double scale = 1 / Math.sqrt(positive ? own.length - 1 : own.length);
      double score = w.get(bias + i);
      double[] user = new double[k];
      for (int j = 0; j < k; j++) {
        user[j] = scale * (sum[j] - (positive ? w.get(history + i * k + j) : 0));
        score += user[j] * w.get(i * k + j);
      }
      double g = 1 / (1 + Math.exp(-score)) - (positive ? 1 : 0);
      delta[bias + i] -= rate * g;
      for (int j = 0; j < k; j++) {
        delta[i * k + j] -= rate * g * user[j];
        for (int h : own) {
          if (h != i) {
            delta[history + h * k + j] -= rate * g * scale * w.get(i * k + j);
          }
        }
      }
    }
    return delta;
  }

  @Test
  void keeps_the_private_vector_out_of_the_delta_and_hands_it_on()
      throws TrainingDivergedException {
    TrainingTask task = Tasks.items(FACTORISATION, SETTINGS, 3, 1, 4);
    UserVector first = Objects.requireNonNull(engine.train(task).userVector());
    TrainingResult second = engine.train(Tasks.withUser(task, first));

    assertThat(second.delta().size()).isEqualTo(FACTORISATION.layout().size());
    assertThat(second.userVector()).isNotEqualTo(first);
    assertThat(engine.train(Tasks.items(TWO_TOWER, SETTINGS, 3)).userVector()).isNull();
  }

  @Test
  void refits_the_private_vector_to_fixed_items() throws TrainingDivergedException {
    TrainingSettings settings = new TrainingSettings(OptimiserKind.SGD, 0.1, 30, 0, 2, true, 0);
    for (ModelSpecification model : List.of(FACTORISATION, NEURAL_CF)) {
      TrainingTask task =
          Tasks.withUser(
              Tasks.items(model, settings, 3, 1, 4), UserVector.copyOf(new float[] {0, 0, 0, 0}));
      UserVector refitted = engine.refit(task);
      TrainingSettings oneEpoch = Tasks.oneStep(1e-6, 2);
      double before =
          engine
              .train(
                  Tasks.withUser(
                      Tasks.withSettings(task, oneEpoch), UserVector.copyOf(new float[4])))
              .meanLoss();
      double after =
          engine.train(Tasks.withUser(Tasks.withSettings(task, oneEpoch), refitted)).meanLoss();
      assertThat(after).as("mean loss of %s", model.kind()).isLessThan(before - 0.01);
      assertThat(engine.refit(task)).isEqualTo(refitted);
    }
  }

  @Test
  void refuses_to_refit_a_model_without_private_vector() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.refit(Tasks.items(TWO_TOWER, SETTINGS, 3)))
        .withMessage(
            "a two-tower model has no private user vector to refit; score with it as it is");
  }

  @Test
  void refuses_to_train_on_nothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tasks.items(TWO_TOWER, SETTINGS))
        .withMessage("there are 0 examples to train on, must be at least 1; stay out of the round");
  }

  @Test
  void refuses_examples_and_parameters_of_another_model() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                engine.train(
                    new TrainingTask(
                        TWO_TOWER,
                        ModelParameters.initial(TWO_TOWER),
                        TabularExamples.of(1, new float[] {1}, new float[] {1}),
                        SETTINGS,
                        1)))
        .withMessage("a two-tower model trains on InteractionExamples, not on TabularExamples");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TrainingTask(
                    TWO_TOWER,
                    ModelParameters.initial(FACTORISATION),
                    InteractionExamples.of(new int[] {1}),
                    SETTINGS,
                    1))
        .withMessage(
            "parameters have 100 elements but the two-tower model has 180; fetch the model again"
                + " before training");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.train(Tasks.items(TWO_TOWER, SETTINGS, 3, 20)))
        .withMessage("item 20 is no row of the model, rows are 0 to 19");
    TrainingTask task = Tasks.items(FACTORISATION, SETTINGS, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.train(Tasks.withUser(task, UserVector.initial(5, 1))))
        .withMessage(
            "user vector has 5 elements but the model has dimension 4; drop the vector and train a"
                + " new one");
  }

  @Test
  void refuses_features_and_labels_that_do_not_fit() {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(2, PERCEPTRON, Loss.BINARY_CROSS_ENTROPY, 1);
    ModelParameters start = ModelParameters.initial(model);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                engine.train(
                    new TrainingTask(
                        model,
                        start,
                        TabularExamples.of(1, new float[3], new float[1]),
                        SETTINGS,
                        1)))
        .withMessage(
            "examples have 3 features each but the model takes 2; encode them with the schema of"
                + " the model's plan");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                engine.train(
                    new TrainingTask(
                        model,
                        start,
                        TabularExamples.of(1, new float[2], new float[] {2}),
                        SETTINGS,
                        1)))
        .withMessage("a label is 2.0, must be in [0, 1] for loss BINARY_CROSS_ENTROPY");
  }

  @Test
  void refuses_to_draw_more_negatives_than_memory_is_set_aside_for() {
    ModelSpecification.TwoTower model = new ModelSpecification.TwoTower(100_000, 1, false, 1);
    TrainingSettings settings =
        new TrainingSettings(OptimiserKind.SGD, 0.1, 1_000, 0, 1_000, true, 0);
    int[] own = new int[100];
    for (int i = 0; i < own.length; i++) {
      own[i] = i;
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.train(Tasks.items(model, settings, own)))
        .withMessage(
            "training would draw 99900000 negatives, must be at most 16777216; lower epochs,"
                + " negativesPerPositive or the number of examples");
  }

  @Test
  void trains_a_device_that_chose_all_but_one_item_and_one_that_chose_all()
      throws TrainingDivergedException {
    ModelSpecification.TwoTower model = new ModelSpecification.TwoTower(4, 2, true, 1);
    assertThat(engine.train(Tasks.items(model, SETTINGS, 0, 2, 3)).delta().touched())
        .isEqualTo(4 * 3 + 3 * 2);
    assertThat(engine.train(Tasks.items(model, SETTINGS, 0, 1, 2, 3)).delta().touched())
        .isEqualTo(4 * 3 + 4 * 2);
  }
}
