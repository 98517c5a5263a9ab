package io.tacit.client.deeplearning4j;

import io.tacit.client.deeplearning4j.ConfigurationOutcome.Obstacle;
import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** One layer of a Deeplearning4j configuration on its way to a model specification. */
final class LayerConversion {

  private static final Map<Class<?>, Activation> ACTIVATIONS =
      Map.of(
          ActivationIdentity.class, Activation.IDENTITY,
          ActivationReLU.class, Activation.RELU,
          ActivationSigmoid.class, Activation.SIGMOID,
          ActivationTanH.class, Activation.TANH,
          ActivationSoftmax.class, Activation.SOFTMAX);

  private final String name;
  private final Layer layer;
  private final List<Obstacle> obstacles;

  /**
   * @param index of the layer, from 0
   * @param obstacles filled with what is found
   */
  LayerConversion(int index, Layer layer, List<Obstacle> obstacles) {
    this.name = "layer " + index + " (" + layer.getClass().getSimpleName() + ")";
    this.layer = layer;
    this.obstacles = obstacles;
  }

  /** The loss of a specification; empty if it has none like this. */
  static Optional<Loss> loss(ILossFunction loss) {
    if ((loss instanceof LossBinaryXENT xent && xent.getWeights() == null)
        || loss instanceof LogisticLoss) {
      return Optional.of(Loss.BINARY_CROSS_ENTROPY);
    }
    if (loss instanceof LossMCXENT categorical && categorical.getWeights() == null) {
      return Optional.of(Loss.CATEGORICAL_CROSS_ENTROPY);
    }
    return loss instanceof LossMSE squared && squared.getWeights() == null
        ? Optional.of(Loss.MEAN_SQUARED_ERROR)
        : Optional.empty();
  }

  /**
   * The layer, if it is expressible.
   *
   * @param last whether it must be the output
   */
  Optional<DenseLayer> convert(boolean last) {
    int before = obstacles.size();
    Class<? extends Layer> expected =
        last ? OutputLayer.class : org.deeplearning4j.nn.conf.layers.DenseLayer.class;
    if (layer.getClass() != expected) {
      obstacle(
          "type",
          "only "
              + expected.getSimpleName()
              + " is expressible here: dense layers, and one output layer at the end");
      return Optional.empty();
    }
    FeedForwardLayer dense = (FeedForwardLayer) layer;
    if (dense.getNOut() < 1 || dense.getNOut() > Integer.MAX_VALUE) {
      obstacle("nOut", "is " + dense.getNOut() + ", must be at least 1");
    }
    checkBiasAndNormalisation();
    checkTraining(dense);
    Activation activation = activation(dense.getActivationFn());
    if (layer instanceof OutputLayer output && loss(output.getLossFn()).isEmpty()) {
      obstacle(
          "lossFn",
          "is "
              + output.getLossFn()
              + ", only XENT, MCXENT and MSE without weights are expressible");
    }
    return obstacles.size() > before || activation == null
        ? Optional.empty()
        : Optional.of(new DenseLayer((int) dense.getNOut(), activation));
  }

  /** Checks that the layer takes what the one before puts out; that is null for the first. */
  void checkInputs(@Nullable Layer before) {
    long inputs = ((FeedForwardLayer) layer).getNIn();
    if (inputs < 1 || inputs > Integer.MAX_VALUE) {
      obstacle("nIn", "is " + inputs + ", must be at least 1; set it, or the network's input type");
    } else if (before instanceof FeedForwardLayer dense && dense.getNOut() != inputs) {
      obstacle("nIn", "is " + inputs + ", but the layer before has nOut " + dense.getNOut());
    }
  }

  private @Nullable Activation activation(IActivation function) {
    Activation activation = ACTIVATIONS.get(function.getClass());
    if (activation == null) {
      obstacle(
          "activationFn",
          "is "
              + function
              + ", only identity, relu, sigmoid, tanh and (in the output) softmax are expressible");
    }
    return activation;
  }

  private void checkBiasAndNormalisation() {
    boolean bias =
        layer instanceof OutputLayer output
            ? output.hasBias()
            : ((org.deeplearning4j.nn.conf.layers.DenseLayer) layer).hasBias();
    if (!bias) {
      obstacle("hasBias", "is false, every layer of a model specification has a bias");
    }
    if (layer instanceof org.deeplearning4j.nn.conf.layers.DenseLayer dense
        && dense.isHasLayerNorm()) {
      obstacle("hasLayerNorm", "is true, there is no layer normalisation in a model specification");
    }
  }

  /** What changes how the layer learns; the training plan has a proximal term for it, no more. */
  private void checkTraining(BaseLayer base) {
    absent("dropOut", base.getIDropout());
    absent("weightNoise", base.getWeightNoise());
    absent("constraints", nullIfEmpty(base.getConstraints()));
    absent("regularization", nullIfEmpty(base.getRegularization()));
    absent("regularizationBias", nullIfEmpty(base.getRegularizationBias()));
    if (base.getGradientNormalization() != GradientNormalization.None) {
      absent("gradientNormalization", base.getGradientNormalization());
    }
  }

  private void absent(String property, @Nullable Object value) {
    if (value != null) {
      obstacle(property, "is " + value + ", must be absent: a training plan can not say it");
    }
  }

  private static @Nullable Object nullIfEmpty(@Nullable List<?> values) {
    return values == null || values.isEmpty() ? null : values;
  }

  private void obstacle(String property, String reason) {
    obstacles.add(new Obstacle(name, property, reason));
  }
}
