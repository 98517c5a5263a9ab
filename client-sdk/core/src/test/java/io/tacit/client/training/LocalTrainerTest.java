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
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        .train(plan, null, ModelParameters.initial(plan.model()));
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
                ModelParameters.initial(TestPlans.neuralCf(0).model()));

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
                .train(plan, null, ModelParameters.initial(plan.model())))
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
                .train(plan, null, ModelParameters.initial(plan.model())))
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
    LocalUpdate update = update(trainer.train(plan, null, ModelParameters.initial(plan.model())));

    // Untrained logits are near 0, of which the loss is ln 2.
    assertThat(update.loss()).isCloseTo(Math.log(2), within(0.2));
    assertThat(update.examples()).isBetween(1, 4);
  }

  @Test
  void an_update_prints_its_size_only() throws IOException {
    assertThat(update(train(TestPlans.twoTower(), items(0, 2), 5))).hasToString("LocalUpdate[30]");
  }
}
