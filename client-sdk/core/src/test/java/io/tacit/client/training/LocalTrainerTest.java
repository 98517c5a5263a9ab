package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.TestPlans;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.MetricReport;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalTrainerTest {

  /** Keeps vectors in memory. */
  private static final class MemoryVectors implements UserVectorStore {
    private final Map<PlanId, UserVector> vectors = new HashMap<>();

    @Override
    public Optional<UserVector> find(PlanId plan) {
      return Optional.ofNullable(vectors.get(plan));
    }

    @Override
    public void keep(PlanId plan, UserVector vector) {
      vectors.put(plan, vector);
    }
  }

  private final MemoryVectors vectors = new MemoryVectors();
  private final List<TrainingTask> tasks = new ArrayList<>();

  private LocalTrainerOutcome train(TrainingPlan plan, ExampleOutcome examples, long seed)
      throws IOException {
    TrainingEngine engine =
        task -> {
          tasks.add(task);
          return new PortableEngine().train(task);
        };
    return new LocalTrainer((p, c) -> examples, engine, vectors, () -> seed, 42)
        .train(plan, null, ModelParameters.initial(plan.model()), true);
  }

  private static ExampleOutcome items(int... items) {
    return new ExampleOutcome.Examples(InteractionExamples.of(items));
  }

  private static LocalUpdate update(LocalTrainerOutcome outcome) {
    return ((LocalTrainerOutcome.Trained) outcome).update();
  }

  @Test
  void trains_by_the_plan_from_the_announced_parameters() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    LocalUpdate update = update(train(plan, items(0, 2, 3), 5));

    TrainingTask task = tasks.get(0);
    assertThat(task.start()).isEqualTo(ModelParameters.initial(plan.model()));
    assertThat(task.settings())
        .isEqualTo(new TrainingSettings(OptimiserKind.SGD, 0.1, 1, 0, 4, true, 0));
    assertThat(task.seed()).isEqualTo(5);
    assertThat(update.delta().size()).isEqualTo(plan.parameters());
    assertThat(update.examples()).isEqualTo(3);
    assertThat(update.delta().toArray()).isNotEqualTo(new float[plan.parameters()]);
  }

  @Test
  void the_same_seed_gives_the_same_update() throws IOException {
    TrainingPlan plan = TestPlans.twoTower();
    float[] first = update(train(plan, items(0, 2, 3), 5)).delta().toArray();

    assertThat(update(train(plan, items(0, 2, 3), 5)).delta().toArray()).isEqualTo(first);
  }

  @Test
  void stays_out_with_fewer_examples_than_the_plan_asks_for() throws IOException {
    assertThat(train(TestPlans.twoTower(), items(1), 5))
        .isEqualTo(
            new LocalTrainerOutcome.StayedOut(
                LocalTrainerOutcome.Reason.TOO_FEW_EXAMPLES,
                "this device has fewer examples than the 2 that the plan asks for"));
    assertThat(tasks).isEmpty();
  }

  @Test
  void stays_out_when_the_data_does_not_fit() throws IOException {
    assertThat(train(TestPlans.twoTower(), new ExampleOutcome.Unfit("feature age is a text"), 5))
        .isEqualTo(
            new LocalTrainerOutcome.StayedOut(
                LocalTrainerOutcome.Reason.SCHEMA_DOES_NOT_FIT, "feature age is a text"));
    assertThat(tasks).isEmpty();
  }

  @Test
  void stays_out_when_training_diverges_and_keeps_no_vector() throws IOException {
    TrainingEngine diverging =
        task -> {
          throw new TrainingDivergedException("loss", 1);
        };
    LocalTrainerOutcome outcome =
        new LocalTrainer((p, c) -> items(0, 1), diverging, vectors, () -> 1, 42)
            .train(
                TestPlans.neuralCf(0),
                null,
                ModelParameters.initial(TestPlans.neuralCf(0).model()),
                true);

    assertThat(((LocalTrainerOutcome.StayedOut) outcome).reason())
        .isEqualTo(LocalTrainerOutcome.Reason.DIVERGED);
    assertThat(vectors.vectors).isEmpty();
  }

  @Test
  void stays_out_when_the_engine_can_not_do_what_the_plan_asks_for() throws IOException {
    TrainingEngine refusing =
        new TrainingEngine() {
          @Override
          public Optional<String> refusal(ModelSpecification model, TrainingSettings settings) {
            return Optional.of("no " + model.kind() + " with " + settings.optimiser());
          }

          @Override
          public TrainingResult train(TrainingTask task) {
            throw new AssertionError("must not train");
          }
        };
    TrainingPlan plan = TestPlans.twoTower();

    assertThat(
            new LocalTrainer((p, c) -> items(0, 1), refusing, vectors, () -> 1, 42)
                .train(plan, null, ModelParameters.initial(plan.model()), true))
        .isEqualTo(
            new LocalTrainerOutcome.StayedOut(
                LocalTrainerOutcome.Reason.ENGINE_CAN_NOT, "no two-tower with SGD"));
  }

  @Test
  void stays_out_of_a_task_that_its_engine_can_not_do() throws IOException {
    TrainingEngine small =
        new TrainingEngine() {
          @Override
          public Optional<String> refusal(TrainingTask task) {
            return Optional.of("no room for " + task.examples().size() + " examples");
          }

          @Override
          public TrainingResult train(TrainingTask task) {
            throw new AssertionError("must not train");
          }
        };
    TrainingPlan plan = TestPlans.twoTower();

    assertThat(
            new LocalTrainer((p, c) -> items(0, 1), small, vectors, () -> 1, 42)
                .train(plan, null, ModelParameters.initial(plan.model()), true))
        .isEqualTo(
            new LocalTrainerOutcome.StayedOut(
                LocalTrainerOutcome.Reason.ENGINE_CAN_NOT, "no room for 2 examples"));
  }

  @Test
  void private_vectors_stay_on_the_device_and_go_on_from_training_to_training() throws IOException {
    TrainingPlan plan = TestPlans.neuralCf(0);
    LocalUpdate update = update(train(plan, items(0, 2), 5));
    UserVector kept = vectors.find(plan.id()).orElseThrow();
    train(plan, items(0, 2), 6);

    assertThat(update.delta().size()).isEqualTo(plan.parameters());
    assertThat(tasks.get(0).userVector()).isNull();
    assertThat(tasks.get(1).userVector()).isEqualTo(kept);
    assertThat(vectors.find(plan.id())).isNotEqualTo(Optional.of(kept));
  }

  @Test
  void a_vector_of_another_dimension_is_not_used() throws IOException {
    vectors.keep(TestPlans.ID, UserVector.copyOf(new float[] {1, 2, 3}));
    train(TestPlans.neuralCf(0), items(0, 2), 5);

    assertThat(tasks.get(0).userVector()).isNull();
  }

  private static TrainingPlan linear(double validationShare) {
    return TestPlans.tabular(
        Loss.MEAN_SQUARED_ERROR,
        new DenseLayer(1, Activation.IDENTITY),
        validationShare,
        new Feature.Numeric("x", 0, 1));
  }

  private static ExampleOutcome line(int n) {
    float[] features = new float[n];
    float[] labels = new float[n];
    for (int i = 0; i < n; i++) {
      features[i] = i / (float) n;
      labels[i] = 2 * features[i];
    }
    return new ExampleOutcome.Examples(TabularExamples.of(n, features, labels));
  }

  @Test
  void reports_the_loss_on_examples_that_training_did_not_see() throws IOException {
    TrainingPlan plan = linear(0.5);
    LocalUpdate update = update(train(plan, line(40), 5));

    TabularExamples trainedOn = (TabularExamples) tasks.get(0).examples();
    assertThat(trainedOn.size()).isBetween(8, 32).isEqualTo(update.examples());
    float[] delta = update.delta().toArray();
    float weight = tasks.get(0).start().get(0) + delta[0];
    float bias = tasks.get(0).start().get(1) + delta[1];
    double sum = 0;
    int heldBack = 0;
    for (int i = 0; i < 40; i++) {
      float x = i / 40f;
      boolean seen = false;
      for (float feature : trainedOn.features()) {
        seen |= feature == x;
      }
      if (!seen) {
        sum += Math.pow(weight * x + bias - 2 * x, 2);
        heldBack++;
      }
    }
    assertThat(heldBack).isEqualTo(40 - trainedOn.size());
    assertThat(update.loss()).isCloseTo(sum / heldBack, within(1e-6));
  }

  @Test
  void an_example_is_held_back_for_good() throws IOException {
    train(linear(0.5), line(40), 5);
    train(linear(0.5), line(40), 6);

    assertThat(((TabularExamples) tasks.get(0).examples()).features())
        .isEqualTo(((TabularExamples) tasks.get(1).examples()).features());
  }

  @Test
  void holds_nothing_back_when_the_plan_does_not_ask() throws IOException {
    train(linear(0), line(40), 5);

    assertThat(tasks.get(0).examples().size()).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void measures_models_of_items_too(long salt) throws IOException {
    TrainingPlan plan = TestPlans.neuralCf(0.4);
    LocalTrainer trainer =
        new LocalTrainer((p, c) -> items(0, 1, 2, 3), new PortableEngine(), vectors, () -> 7, salt);
    LocalUpdate update =
        update(trainer.train(plan, null, ModelParameters.initial(plan.model()), true));

    // Untrained logits are near 0, of which the loss is ln 2.
    assertThat(update.loss()).isCloseTo(Math.log(2), within(0.2));
    assertThat(update.examples()).isBetween(1, 4);
  }

  // ---- metrics ----

  private static final TrainingEngine MUST_NOT_TRAIN =
      task -> {
        throw new AssertionError("must not train");
      };

  private LocalTrainerOutcome.Finished measure(
      TrainingPlan plan, ModelParameters start, long salt, TrainingEngine engine, int... items)
      throws IOException {
    return (LocalTrainerOutcome.Finished)
        new LocalTrainer((p, c) -> items(items), engine, vectors, () -> 7, salt)
            .train(plan, null, start, true);
  }

  private static MetricReport reported(LocalTrainerOutcome.Finished outcome) {
    return Objects.requireNonNull(outcome.report());
  }

  /** Popularity of the five items, by their biases; the best of all is the bucket's. */
  private static ModelParameters popularity(TrainingPlan plan, float... biases) {
    float[] values = new float[plan.parameters()];
    int from = plan.model().layout().block(ModelSpecification.ITEM_BIAS).offset();
    System.arraycopy(biases, 0, values, from, biases.length);
    return ModelParameters.copyOf(values);
  }

  /** With salt 1 item 2 is held back of items 0 to 2. */
  @Test
  void measures_the_announced_model_and_not_what_training_makes_of_it() throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.twoTower(), 0, 0);
    TrainingEngine spoiling =
        task -> {
          tasks.add(task);
          // After it item 2 would be the last of all.
          float[] delta = new float[task.start().size()];
          delta[plan.model().layout().block(ModelSpecification.ITEM_BIAS).offset() + 2] = -10;
          return new TrainingResult(ParameterDelta.dense(delta), 2, 0.1, null);
        };
    ModelParameters start = popularity(plan, 0, 0, 5, 6, 1);

    LocalTrainerOutcome.Finished outcome = measure(plan, start, 1, spoiling, 0, 1, 2);

    assertThat(((InteractionExamples) tasks.get(0).examples()).items()).containsExactly(0, 1);
    assertThat(outcome.report()).isEqualTo(new MetricReport(0, 1, Math.log(2) / Math.log(3)));
    assertThat(update(outcome).examples()).isEqualTo(2);
  }

  @Test
  void measures_nothing_unless_the_plan_asks_and_the_app_allows() throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.twoTower(), 0.5, 0);
    ModelParameters start = ModelParameters.initial(plan.model());
    LocalTrainer trainer =
        new LocalTrainer((p, c) -> items(0, 1, 2), new PortableEngine(), vectors, () -> 7, 10);

    assertThat(trainer.train(plan, null, start, true))
        .isInstanceOf(LocalTrainerOutcome.HeldBack.class);
    LocalTrainerOutcome notAllowed = trainer.train(plan, null, start, false);
    assertThat(notAllowed).isInstanceOf(LocalTrainerOutcome.Trained.class);
    assertThat(((LocalTrainerOutcome.Finished) notAllowed).report()).isNull();
    LocalTrainerOutcome notAsked = trainer.train(TestPlans.twoTower(), null, start, true);
    assertThat(((LocalTrainerOutcome.Trained) notAsked).report()).isNull();
  }

  @Test
  void a_device_that_is_held_back_trains_nothing_and_keeps_no_vector() throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.neuralCf(0), 0.5, 0);

    LocalTrainerOutcome.Finished outcome =
        measure(plan, popularity(plan, 1, 2, 3, 4, 5), 10, MUST_NOT_TRAIN, 0, 1, 2);

    // Of items 0, 1 and 2 salt 10 holds back the former two; two items are left to be beaten.
    assertThat(outcome).isInstanceOf(LocalTrainerOutcome.HeldBack.class);
    assertThat(reported(outcome).group()).isZero();
    assertThat(reported(outcome).first()).isEqualTo(1);
    assertThat(vectors.vectors).isEmpty();
  }

  @Test
  void a_device_that_is_held_back_finds_a_model_that_overflows_as_bad_as_can_be()
      throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.neuralCf(0), 0.5, 0);

    assertThat(
            measure(plan, popularity(plan, Float.MAX_VALUE), 10, MUST_NOT_TRAIN, 0, 1, 2).report())
        .isEqualTo(new MetricReport(0, 0, 0));
  }

  @Test
  void whether_a_device_is_held_back_is_decided_for_good_by_its_salt_and_the_plan()
      throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.twoTower(), 0.25, 0);
    TrainingPlan later = TestPlans.renamed(plan, "news", 9);
    TrainingPlan other = TestPlans.renamed(plan, "shop", 1);
    ModelParameters start = ModelParameters.initial(plan.model());
    SplitMix64 salts = new SplitMix64(99);
    int devices = 4_000;
    int heldBack = 0;
    int inBoth = 0;
    for (int i = 0; i < devices; i++) {
      long salt = salts.nextLong();
      boolean isHeldBack = isHeldBack(plan, start, salt);
      assertThat(isHeldBack(later, start, salt)).isEqualTo(isHeldBack);
      heldBack += isHeldBack ? 1 : 0;
      inBoth += isHeldBack && isHeldBack(other, start, salt) ? 1 : 0;
    }

    // Four standard deviations are 110 and 61.
    assertThat(heldBack).isBetween(1_000 - 110, 1_000 + 110);
    assertThat(inBoth).as("of another plan, independently").isBetween(250 - 61, 250 + 61);
  }

  private boolean isHeldBack(TrainingPlan plan, ModelParameters start, long salt)
      throws IOException {
    return measure(plan, start, salt, new PortableEngine(), 0, 1)
        instanceof LocalTrainerOutcome.HeldBack;
  }

  /** Groups: held-back, few from 2 examples, many from 4. */
  @Test
  void a_device_is_in_the_group_of_its_number_of_examples() throws IOException {
    TrainingPlan plan =
        TestPlans.measuring(
            TestPlans.twoTower(),
            0.01,
            0,
            new MetricSettings.Segment("few", 2),
            new MetricSettings.Segment("many", 4));
    ModelParameters start = ModelParameters.initial(plan.model());

    assertThat(reported(measure(plan, start, 1, new PortableEngine(), 0, 1, 2)).group())
        .isEqualTo(1);
    assertThat(reported(measure(plan, start, 1, new PortableEngine(), 0, 1, 2, 3)).group())
        .isEqualTo(2);
    TrainingPlan manyOnly =
        TestPlans.measuring(TestPlans.twoTower(), 0.01, 0, new MetricSettings.Segment("many", 4));
    assertThat(measure(manyOnly, start, 1, new PortableEngine(), 0, 1, 2).report())
        .as("it is in no group")
        .isNull();
  }

  /** With salt 1 neither item 0 nor item 1 is held back. */
  @Test
  void a_device_that_trains_on_all_it_has_reports_nothing() throws IOException {
    TrainingPlan plan = TestPlans.measuring(TestPlans.twoTower(), 0, 0);
    ModelParameters start = ModelParameters.initial(plan.model());

    LocalTrainerOutcome.Finished outcome = measure(plan, start, 1, new PortableEngine(), 0, 1);

    assertThat(update(outcome).examples()).isEqualTo(2);
    assertThat(outcome.report()).isNull();
  }

  @Test
  void an_update_prints_its_size_only() throws IOException {
    assertThat(update(train(TestPlans.twoTower(), items(0, 2), 5))).hasToString("LocalUpdate[30]");
  }
}
