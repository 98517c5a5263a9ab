package io.tacit.simulation.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.PortableEngine;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.Recency;
import io.tacit.simulation.data.SampleData;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceTrainingTest {

  private static final int ITEMS = 210;

  private final HonestSplit split =
      HonestSplit.of(
          SampleData.timed(ITEMS, new int[] {3, 1, 4, 100, 5, 9}, new int[] {2, 7, 1, 8, 28}), 1);

  static Stream<ModelSpecification> models() {
    return Stream.of(
        new ModelSpecification.TwoTower(ITEMS, 4, true, 1),
        new ModelSpecification.NeuralCf(ITEMS, 4, true, List.of(), 1));
  }

  @ParameterizedTest
  @MethodSource("models")
  void the_papers_sampler_never_moves_the_held_out_items_and_the_honest_one_does(
      ModelSpecification model) throws Exception {
    DeviceTraining papers = DeviceTraining.of(split, NegativeSampling.PAPERS_SAMPLER);
    DeviceTraining honest = DeviceTraining.of(split, NegativeSampling.HONEST);

    for (int user = 0; user < split.userCount(); user++) {
      // So many negatives that every item is drawn that can be.
      TrainingTask task = task(model, user, 100);
      assertThat(moved(model, papers.train(user, task))).isEqualTo(ITEMS - 2);
      assertThat(moved(model, papers.engine().train(task))).isEqualTo(ITEMS - 2);
      assertThat(moved(model, honest.train(user, task))).isEqualTo(ITEMS);
      for (HeldOut heldOut : HeldOut.values()) {
        assertThat(biasOf(model, papers.engine().train(task), split.heldOutItem(user, heldOut)))
            .isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void the_honest_sampler_is_the_client_s_own(ModelSpecification model) throws Exception {
    TrainingTask task = task(model, 0, 4);

    assertThat(
            DeviceTraining.of(split, NegativeSampling.HONEST)
                .engine()
                .train(task)
                .delta()
                .toArray())
        .containsExactly(new PortableEngine().train(task).delta().toArray());
  }

  @Test
  void a_catalogue_with_fewer_items_has_the_rows_of_the_others_in_their_order() throws Exception {
    ModelSpecification.TwoTower model =
        new ModelSpecification.TwoTower(5, 2, true, 0, 0, new Recency(0.5, 2), 1);
    float[] rows = new float[model.layout().size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i + 1;
    }
    TrainingTask task =
        new TrainingTask(
            model,
            ModelParameters.copyOf(rows),
            InteractionExamples.of(new int[] {3, 1}),
            settings(4),
            1);

    FewerItems fewer = FewerItems.of(task, 4, 0);
    TrainingTask smaller = fewer.task();
    assertThat(smaller.specification())
        .isEqualTo(new ModelSpecification.TwoTower(3, 2, true, 0, 0, model.recency(), 1));
    TrainingResult trained = new PortableEngine().train(smaller);
    float[] less = trained.delta().toArray();
    TrainingResult whole = fewer.whole(trained);

    assertThat(((InteractionExamples) smaller.examples()).items()).containsExactly(2, 0);
    assertThat(smaller.start().toArray())
        .as("two embeddings and a bias of each of items 1, 2 and 3")
        .containsExactly(3, 4, 5, 6, 7, 8, 12, 13, 14, 18, 19, 20, 21, 22, 23);
    assertThat(whole.delta().toArray())
        .containsExactly(
            new float[] {
              0, 0, less[0], less[1], less[2], less[3], less[4], less[5], 0, 0, 0, less[6], less[7],
              less[8], 0, 0, 0, less[9], less[10], less[11], less[12], less[13], less[14], 0, 0
            });
    assertThat(whole.delta().touched())
        .as("a device keeps no zeros while its round lasts")
        .isEqualTo(trained.delta().touched());
  }

  @Test
  void items_that_are_trained_on_can_not_be_left_out() {
    TrainingTask task = task(new ModelSpecification.TwoTower(ITEMS, 4, true, 1), 0, 4);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FewerItems.of(task, 4).task())
        .withMessage("item 4 is trained on and can not be left out of the same training");
  }

  @Test
  void a_device_of_no_user_is_refused() {
    TrainingTask task =
        new TrainingTask(
            new ModelSpecification.TwoTower(ITEMS, 4, true, 1),
            ModelParameters.initial(new ModelSpecification.TwoTower(ITEMS, 4, true, 1)),
            InteractionExamples.of(new int[] {0, 11}),
            settings(4),
            1);

    assertThatThrownBy(
            () -> DeviceTraining.of(split, NegativeSampling.PAPERS_SAMPLER).engine().train(task))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("raise client.examples-max above the longest history");
  }

  private TrainingTask task(ModelSpecification model, int user, int negatives) {
    return new TrainingTask(
        model,
        ModelParameters.initial(model),
        InteractionExamples.of(split.training(user)),
        settings(negatives),
        1);
  }

  private static TrainingSettings settings(int negatives) {
    return new TrainingSettings(OptimiserKind.SGD, 0.1, 1, 0, negatives, true, 0);
  }

  /** How many items' biases training changed. */
  private static long moved(ModelSpecification model, TrainingResult result) {
    return IntStream.range(0, ITEMS).filter(item -> biasOf(model, result, item) != 0).count();
  }

  private static float biasOf(ModelSpecification model, TrainingResult result, int item) {
    ParameterBlock bias = model.layout().block(ModelSpecification.ITEM_BIAS);
    return result.delta().toArray()[bias.rowOffset(item)];
  }
}
