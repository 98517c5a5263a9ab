package io.tacit.client.deeplearning4j;

import io.tacit.client.deeplearning4j.ConfigurationOutcome.Expressible;
import io.tacit.client.deeplearning4j.ConfigurationOutcome.Inexpressible;
import io.tacit.client.deeplearning4j.ConfigurationOutcome.Obstacle;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.ModelSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Makes model specifications of Deeplearning4j's own configurations.
 *
 * <p>Expressible are dense layers and an output layer behind them: activations identity, ReLU,
 * sigmoid and tanh, softmax in the output; losses XENT over sigmoid, MCXENT, negative
 * log-likelihood and sparse MCXENT over softmax, MSE over the others; biases everywhere; float
 * parameters. Refused is everything else that would change what the network computes or how it
 * learns: other layers, preprocessors, layer normalisation, dropout, weight noise, constraints,
 * regularisation, gradient normalisation, loss weights, truncated back-propagation.
 *
 * <p>Not read, because the training plan and the specification say it: updater, learning rate,
 * seed, initial weights, mini-batch and optimisation algorithm. The clipping of XENT is not taken
 * over: Tacit's losses are exact without.
 */
public final class MultiLayerConfigurations {

  /** Longest file that is read. A configuration has a few kilobytes per layer. */
  public static final int FILE_BYTES_MAX = 1 << 20;

  private static final String NETWORK = "network";

  private MultiLayerConfigurations() {}

  /**
   * Reads a configuration as {@code MultiLayerConfiguration.toJson} writes it.
   *
   * <p>Assumes: the file is trusted, as code is. Deeplearning4j's reader makes objects of the
   * classes that the file names, with an old Jackson. Never read what another party sent. Models
   * with their weights (Java serialisation, zip files) are not read at all.
   *
   * @param trustedFile at most {@link #FILE_BYTES_MAX} bytes, UTF-8
   * @param initialSeed seed of the initial parameters
   * @throws IOException if the file can not be read, is too long, or is no such JSON
   */
  public static ConfigurationOutcome read(Path trustedFile, long initialSeed) throws IOException {
    long bytes = Files.size(trustedFile);
    if (bytes > FILE_BYTES_MAX) {
      throw new IOException(
          trustedFile + " has " + bytes + " bytes, must be at most " + FILE_BYTES_MAX);
    }
    String json = Files.readString(trustedFile, StandardCharsets.UTF_8);
    MultiLayerConfiguration configuration;
    try {
      configuration = MultiLayerConfiguration.fromJson(json);
    } catch (RuntimeException e) {
      // It wraps whatever goes wrong in one.
      throw new IOException(
          trustedFile
              + " is no MultiLayerConfiguration as JSON; write it with"
              + " MultiLayerConfiguration.toJson of Deeplearning4j 1.0.0-M2.1",
          e);
    }
    return convert(configuration, initialSeed);
  }

  /**
   * Makes a model specification of a configuration.
   *
   * @param initialSeed seed of the initial parameters
   */
  public static ConfigurationOutcome convert(
      MultiLayerConfiguration configuration, long initialSeed) {
    List<Obstacle> obstacles = new ArrayList<>();
    checkNetwork(configuration, obstacles);
    List<DenseLayer> layers = new ArrayList<>();
    List<NeuralNetConfiguration> confs = configuration.getConfs();
    long inputs = 0;
    for (int i = 0; i < confs.size(); i++) {
      boolean last = i == confs.size() - 1;
      LayerConversion layer = new LayerConversion(i, confs.get(i).getLayer(), obstacles);
      layer.convert(last).ifPresent(layers::add);
      if (confs.get(i).getLayer() instanceof FeedForwardLayer dense) {
        if (i == 0) {
          inputs = dense.getNIn();
        }
        layer.checkInputs(i == 0 ? null : confs.get(i - 1).getLayer());
      }
    }
    if (!obstacles.isEmpty()) {
      return new Inexpressible(obstacles);
    }
    OutputLayer output = (OutputLayer) confs.get(confs.size() - 1).getLayer();
    try {
      ModelSpecification.Tabular model =
          new ModelSpecification.Tabular(
              Math.toIntExact(inputs),
              layers,
              LayerConversion.loss(output.getLossFn()).orElseThrow(),
              initialSeed);
      model.layout(); // refuses models that are too large
      return new Expressible(model);
    } catch (IllegalArgumentException e) {
      // The specification knows best which layers and losses fit each other.
      return new Inexpressible(
          List.of(new Obstacle(NETWORK, "layers", String.valueOf(e.getMessage()))));
    }
  }

  private static void checkNetwork(MultiLayerConfiguration network, List<Obstacle> obstacles) {
    if (network.getConfs().isEmpty()) {
      obstacles.add(new Obstacle(NETWORK, "layers", "there are none; the last must be the output"));
    }
    if (network.getDataType() != DataType.FLOAT) {
      obstacles.add(
          new Obstacle(
              NETWORK, "dataType", "is " + network.getDataType() + ", parameters are FLOAT"));
    }
    if (network.getBackpropType() != BackpropType.Standard) {
      obstacles.add(
          new Obstacle(
              NETWORK,
              "backpropType",
              "is " + network.getBackpropType() + ", only Standard is expressible"));
    }
    if (network.getInputPreProcessors() != null) {
      network
          .getInputPreProcessors()
          .forEach(
              (layer, processor) ->
                  obstacles.add(
                      new Obstacle(
                          "layer " + layer,
                          "inputPreProcessor",
                          "is "
                              + processor.getClass().getSimpleName()
                              + ", there is none in a model specification; encode features so that"
                              + " none is needed")));
    }
    for (int i = 0; i < network.getConfs().size(); i++) {
      if (!network.getConf(i).isMinimize()) {
        obstacles.add(
            new Obstacle("layer " + i, "minimize", "is false, a loss is always minimised"));
      }
    }
  }
}
