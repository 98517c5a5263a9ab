package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.model.Activations;
import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.TabularPredictor;
import io.tacit.client.model.UserVector;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.LocalModel;
import io.tacit.client.training.LocalTraining;
import io.tacit.client.training.OptimiserKind;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Parameters and forward passes of the networks. */
class NetworkTest {

  private static final float TOLERANCE = 1e-6f;

  private NativeThread thread;

  @BeforeEach
  void enter() {
    thread = NativeThread.enter(1);
  }

  @AfterEach
  void leave() {
    thread.close();
  }

  static Stream<TrainingTask> tasks() {
    return Stream.of(0L, 1L, 2L)
        .flatMap(
            seed ->
                Stream.of(
                    new RandomTasks(seed).tabular(OptimiserKind.SGD),
                    new RandomTasks(seed).twoTower(OptimiserKind.ADAM),
                    new RandomTasks(seed).matrixFactorisation(OptimiserKind.SGD),
                    new RandomTasks(seed).neuralCf(OptimiserKind.ADAM)));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void parameters_go_into_the_network_and_come_back_bit_by_bit(TrainingTask task) {
    LocalModel model = LocalTraining.of(task).model();
    float[] before = RandomTasks.values(model);
    Network network = Network.of(model);
    ComputationGraph graph = new ComputationGraph(network.configuration());
    graph.init();

    network.parameters().copyTo(graph);
    RandomTasks.fill(model, 7);
    network.parameters().copyFrom(graph);

    assertThat(RandomTasks.values(model)).isEqualTo(before);
    graph.close();
  }

  /** The worked forward pass of the documentation, sigmoid in both layers. */
  @Test
  void the_worked_example_comes_out() {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            5,
            List.of(new DenseLayer(3, Activation.SIGMOID), new DenseLayer(3, Activation.SIGMOID)),
            Loss.BINARY_CROSS_ENTROPY,
            1);
    float[] parameters = {
      .1f, .6f, 1.1f, .2f, .7f, 1.2f, .3f, .8f, 1.3f, .4f, .9f, 1.4f, .5f, 1.0f, 1.5f, //
      .1f, .2f, .3f, //
      .5f, .8f, 1.1f, .6f, .9f, 1.2f, .7f, 1.0f, 1.3f, //
      .4f, .5f, .6f
    };
    TrainingTask task =
        new TrainingTask(
            model,
            ModelParameters.copyOf(parameters),
            TabularExamples.of(1, new float[] {.25f, 1, 1, 0, 1}, new float[] {0, 0, 0}),
            oneStep(),
            1);

    float[] outputs = outputs(LocalTraining.of(task).model(), new int[] {0});

    assertThat(outputs)
        .containsExactly(new float[] {0.88467926f, 0.95000374f, 0.9791948f}, within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void outputs_are_those_of_the_models_on_devices(TrainingTask task) {
    LocalModel model = LocalTraining.of(task).model();
    if (task.specification() instanceof ModelSpecification.Tabular tabular) {
      TabularExamples examples = (TabularExamples) task.examples();
      TabularPredictor predictor = new TabularPredictor(tabular, task.start());
      int inputs = tabular.inputs();
      float[] expected =
          predictor.predict(Arrays.copyOfRange(examples.features(), 3 * inputs, 4 * inputs));
      assertThat(outputs(model, new int[] {3})).containsExactly(expected, within(TOLERANCE));
      return;
    }
    ItemScorer scorer = ItemScorer.of(task.specification(), task.start());
    int[] own = ((InteractionExamples) task.examples()).items();
    UserVector user =
        model instanceof LocalModel.NeuralCf neuralCf ? UserVector.copyOf(neuralCf.user()) : null;
    // A positive is scored without itself; the last one from all others, as they come before it.
    int last = own.length - 1;
    int[] history = user == null ? Arrays.copyOf(own, last) : own;
    float[] logit = new float[1];
    scorer.score(scorer.userVector(history, user), new int[] {own[last]}, logit);
    assertThat(outputs(model, new int[] {last})[0])
        .isCloseTo(Activations.sigmoid(logit[0]), within(TOLERANCE));
  }

  private static float[] outputs(LocalModel model, int[] examples) {
    Network network = Network.of(model);
    ComputationGraph graph = new ComputationGraph(network.configuration());
    graph.init();
    network.parameters().copyTo(graph);
    try (StepArrays arrays = network.steps().of(examples, 0, examples.length)) {
      INDArray output = graph.outputSingle(arrays.inputs());
      return output.dup('c').data().asFloat();
    } finally {
      graph.close();
    }
  }

  private static TrainingSettings oneStep() {
    return new TrainingSettings(OptimiserKind.SGD, 1, 1, 0, 1, true, 0);
  }
}
