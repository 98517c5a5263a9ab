package io.tacit.client.deeplearning4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.client.model.TabularPredictor;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class MultiLayerConfigurationsTest {

  @TempDir Path directory;

  private static org.deeplearning4j.nn.conf.layers.DenseLayer.Builder hidden() {
    return new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
        .nIn(4)
        .nOut(3)
        .activation(Activation.RELU);
  }

  private static OutputLayer.Builder output() {
    return new OutputLayer.Builder(LossFunction.XENT).nIn(3).nOut(1).activation(Activation.SIGMOID);
  }

  private static MultiLayerConfiguration network(Layer... layers) {
    return new NeuralNetConfiguration.Builder()
        .updater(new Adam(0.01))
        .list(layers)
        .validateOutputLayerConfig(false)
        .build();
  }

  private static MultiLayerConfiguration mismatched() {
    MultiLayerConfiguration configuration = network(hidden().build(), output().build());
    ((OutputLayer) configuration.getConf(1).getLayer()).setNIn(5);
    return configuration;
  }

  private static MultiLayerConfiguration preprocessed() {
    MultiLayerConfiguration configuration = network(hidden().build(), output().build());
    configuration.setInputPreProcessors(Map.of(1, new FeedForwardToRnnPreProcessor()));
    return configuration;
  }

  private ConfigurationOutcome read(MultiLayerConfiguration configuration) throws IOException {
    Path file = directory.resolve("network.json");
    Files.writeString(file, configuration.toJson());
    return MultiLayerConfigurations.read(file, 9);
  }

  @Test
  void a_perceptron_becomes_a_tabular_model() throws IOException {
    assertThat(read(network(hidden().build(), output().build())))
        .isEqualTo(
            new ConfigurationOutcome.Expressible(
                new ModelSpecification.Tabular(
                    4,
                    List.of(
                        new DenseLayer(3, io.tacit.protocol.model.Activation.RELU),
                        new DenseLayer(1, io.tacit.protocol.model.Activation.SIGMOID)),
                    Loss.BINARY_CROSS_ENTROPY,
                    9)));
  }

  static List<Arguments> losses() {
    return List.of(
        Arguments.of(LossFunction.XENT, Activation.SIGMOID, Loss.BINARY_CROSS_ENTROPY),
        Arguments.of(LossFunction.MCXENT, Activation.SOFTMAX, Loss.CATEGORICAL_CROSS_ENTROPY),
        Arguments.of(
            LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX, Loss.CATEGORICAL_CROSS_ENTROPY),
        Arguments.of(
            LossFunction.SPARSE_MCXENT, Activation.SOFTMAX, Loss.CATEGORICAL_CROSS_ENTROPY),
        Arguments.of(LossFunction.MSE, Activation.IDENTITY, Loss.MEAN_SQUARED_ERROR),
        Arguments.of(LossFunction.MSE, Activation.TANH, Loss.MEAN_SQUARED_ERROR));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void every_expressible_loss_is_read(LossFunction function, Activation activation, Loss loss)
      throws IOException {
    ConfigurationOutcome outcome =
        read(
            network(
                hidden().activation(Activation.TANH).build(),
                new OutputLayer.Builder(function).nIn(3).nOut(2).activation(activation).build()));

    assertThat(((ConfigurationOutcome.Expressible) outcome).model().loss()).isEqualTo(loss);
  }

  @Test
  void the_specification_predicts_what_the_network_predicts() throws IOException {
    MultiLayerConfiguration configuration = network(hidden().build(), output().build());
    ModelSpecification.Tabular model =
        ((ConfigurationOutcome.Expressible) read(configuration)).model();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    float[] values = new float[model.layout().size()];
    for (ParameterBlock block : model.layout().blocks()) {
      String[] name = block.name().split("\\.");
      INDArray parameter = network.getParam(name[1] + (name[2].equals("bias") ? "_b" : "_W"));
      parameter.addi(0.25);
      System.arraycopy(
          parameter.dup('c').data().asFloat(), 0, values, block.offset(), block.size());
    }
    float[] features = {0.5f, -1, 2, 0.25f};

    float[] predicted =
        new TabularPredictor(model, ModelParameters.copyOf(values)).predict(features);

    INDArray expected = network.output(Nd4j.create(features, new long[] {1, features.length}, 'c'));
    assertThat(predicted[0]).isCloseTo(expected.getFloat(0), within(1e-6f));
    network.close();
  }

  static List<Arguments> obstacles() {
    String absent = ", must be absent: a training plan can not say it";
    return List.of(
        Arguments.of(
            network(hidden().build(), new ActivationLayer(Activation.RELU), output().build()),
            "layer 1 (ActivationLayer), type: only DenseLayer is expressible here: dense layers,"
                + " and one output layer at the end"),
        Arguments.of(
            network(
                hidden().build(),
                new BatchNormalization.Builder().nOut(3).build(),
                output().build()),
            "layer 1 (BatchNormalization), type: only DenseLayer is expressible here: dense layers,"
                + " and one output layer at the end"),
        Arguments.of(
            network(hidden().build()),
            "layer 0 (DenseLayer), type: only OutputLayer is expressible here: dense layers, and"
                + " one output layer at the end"),
        Arguments.of(
            network(hidden().activation(Activation.ELU).build(), output().build()),
            "layer 0 (DenseLayer), activationFn: is elu(alpha=1.0), only identity, relu, sigmoid,"
                + " tanh and (in the output) softmax are expressible"),
        Arguments.of(
            network(hidden().hasBias(false).build(), output().build()),
            "layer 0 (DenseLayer), hasBias: is false, every layer of a model specification has a"
                + " bias"),
        Arguments.of(
            network(hidden().build(), output().hasBias(false).build()),
            "layer 1 (OutputLayer), hasBias: is false, every layer of a model specification has a"
                + " bias"),
        Arguments.of(
            network(hidden().hasLayerNorm(true).build(), output().build()),
            "layer 0 (DenseLayer), hasLayerNorm: is true, there is no layer normalisation in a"
                + " model specification"),
        Arguments.of(
            network(hidden().dropOut(0.5).build(), output().build()),
            "layer 0 (DenseLayer), dropOut: is "),
        Arguments.of(
            network(hidden().weightNoise(new DropConnect(0.5)).build(), output().build()),
            "layer 0 (DenseLayer), weightNoise: is "),
        Arguments.of(
            network(
                hidden().constrainWeights(new NonNegativeConstraint()).build(), output().build()),
            "layer 0 (DenseLayer), constraints: is "),
        Arguments.of(
            network(hidden().l2(0.01).build(), output().build()),
            "layer 0 (DenseLayer), regularization: is "),
        Arguments.of(
            network(hidden().l1Bias(0.01).build(), output().build()),
            "layer 0 (DenseLayer), regularizationBias: is "),
        Arguments.of(
            network(
                hidden().gradientNormalization(GradientNormalization.ClipL2PerLayer).build(),
                output().build()),
            "layer 0 (DenseLayer), gradientNormalization: is ClipL2PerLayer" + absent),
        Arguments.of(
            network(hidden().build(), output().lossFunction(LossFunction.HINGE).build()),
            "layer 1 (OutputLayer), lossFn: is LossHinge(), only XENT, MCXENT and MSE without"
                + " weights are expressible"),
        Arguments.of(
            mismatched(), "layer 1 (OutputLayer), nIn: is 5, but the layer before has nOut 3"),
        Arguments.of(
            network(hidden().build(), output().activation(Activation.TANH).build()),
            "network, layers: loss BINARY_CROSS_ENTROPY does not fit a last layer with activation"
                + " TANH; use SIGMOID with BINARY_CROSS_ENTROPY, SOFTMAX with"
                + " CATEGORICAL_CROSS_ENTROPY, any other with MEAN_SQUARED_ERROR"),
        Arguments.of(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list(hidden().build(), output().build())
                .build(),
            "network, dataType: is DOUBLE, parameters are FLOAT"),
        Arguments.of(
            new NeuralNetConfiguration.Builder()
                .list(hidden().build(), output().build())
                .backpropType(BackpropType.TruncatedBPTT)
                .validateTbpttConfig(false)
                .build(),
            "network, backpropType: is TruncatedBPTT, only Standard is expressible"),
        Arguments.of(
            preprocessed(),
            "layer 1, inputPreProcessor: is FeedForwardToRnnPreProcessor, there is none in a model"
                + " specification; encode features so that none is needed"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("obstacles")
  void what_can_not_be_said_is_refused_with_layer_property_and_reason(
      MultiLayerConfiguration configuration, String obstacle) throws IOException {
    ConfigurationOutcome outcome = read(configuration);

    assertThat(outcome).isInstanceOf(ConfigurationOutcome.Inexpressible.class);
    assertThat(((ConfigurationOutcome.Inexpressible) outcome).obstacles())
        .singleElement()
        .satisfies(found -> assertThat(found.toString()).startsWith(obstacle));
  }

  @Test
  void all_obstacles_are_told_at_once() throws IOException {
    ConfigurationOutcome outcome =
        read(network(hidden().dropOut(0.5).hasBias(false).build(), output().l2(0.1).build()));

    assertThat(((ConfigurationOutcome.Inexpressible) outcome).obstacles())
        .extracting(ConfigurationOutcome.Obstacle::property)
        .containsExactly("hasBias", "dropOut", "regularization");
  }

  @Test
  void other_files_are_refused() throws IOException {
    Path file = directory.resolve("other.json");
    Files.writeString(file, "{\"layers\": 3}");
    assertThatThrownBy(() -> MultiLayerConfigurations.read(file, 1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + " is no MultiLayerConfiguration as JSON; write it with"
                + " MultiLayerConfiguration.toJson of Deeplearning4j 1.0.0-M2.1");
    Files.write(file, new byte[MultiLayerConfigurations.FILE_BYTES_MAX + 1]);
    assertThatThrownBy(() -> MultiLayerConfigurations.read(file, 1))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " has 1048577 bytes, must be at most 1048576");
  }
}
