package io.tacit.client.deeplearning4j;

import io.tacit.client.training.LocalModel;
import io.tacit.client.training.TrainingSettings;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * A local model as a network of Deeplearning4j.
 *
 * <p>A perceptron is dense layers and an output layer. A model of items has an embedding layer over
 * the local items and one for their biases; the user is a dense layer without bias. Its weights are
 * the history rows of a two-tower model, and its input says how much of each own item goes into the
 * user of an example; or they are the private vector, and its input is 1. User times item goes
 * through the tower, or through a layer of frozen ones that sums it; the bias is added to the
 * logit.
 *
 * @param configuration builds the network
 * @param parameters which row is which of its parameters
 * @param steps gives it the examples of a step
 * @param meanScore whether its score is the mean over a step's examples, as a loss layer's is,
 *     rather than the sum, as an output layer's is
 */
record Network(
    ComputationGraphConfiguration configuration,
    ParameterRows parameters,
    StepArrays.Source steps,
    boolean meanScore) {

  private static final String FEATURES = "features";
  private static final String ITEM = "item";
  private static final String OWN = "own";
  private static final String ITEM_EMBEDDING = "item.embedding";
  private static final String ITEM_BIAS = "item.bias";
  private static final String USER = "user";
  private static final String PRODUCT = "product";
  private static final String SUM = "sum";
  private static final String LOGIT = "logit";
  private static final String OUTPUT = "output";

  /** The network of a local model. */
  static Network of(LocalModel model) {
    if (model instanceof LocalModel.Tabular tabular) {
      return tabular(tabular);
    }
    return model instanceof LocalModel.TwoTower twoTower
        ? twoTower(twoTower)
        : neuralCf((LocalModel.NeuralCf) model);
  }

  private static Network tabular(LocalModel.Tabular model) {
    List<DenseLayer> layers = model.specification().layers();
    ParameterRows parameters = new ParameterRows();
    GraphBuilder graph = graph(model.settings()).addInputs(FEATURES);
    int last = layers.size() - 1;
    String below =
        addDense(
            graph,
            parameters,
            model.rows(),
            0,
            layers.subList(0, last),
            FEATURES,
            model.specification().inputs());
    int fanIn = last == 0 ? model.specification().inputs() : layers.get(last - 1).units();
    DenseLayer output = layers.get(last);
    graph.addLayer(
        OUTPUT,
        new OutputLayer.Builder(loss(model.specification().loss()))
            .nIn(fanIn)
            .nOut(output.units())
            .activation(activation(output.activation()))
            .build(),
        below);
    parameters.dense(OUTPUT, model.rows(), model.rows().length - fanIn - 1, fanIn, output.units());
    return new Network(build(graph, OUTPUT), parameters, new TabularSteps(model), false);
  }

  private static Network twoTower(LocalModel.TwoTower model) {
    int dimension = model.specification().dimension();
    GraphBuilder graph = graph(model.settings()).addInputs(ITEM, OWN);
    ParameterRows parameters = new ParameterRows();
    graph.addLayer(USER, linear(model.positives(), dimension), OWN);
    parameters.weights(USER, model.rows(), model.items(), model.positives(), 0, dimension);
    boolean bias = model.specification().itemBias();
    addItems(graph, parameters, model.rows(), model.items(), dimension, bias);
    addSum(graph, dimension);
    addLogistic(graph, SUM, bias);
    return new Network(build(graph, OUTPUT), parameters, ItemSteps.twoTower(model), true);
  }

  private static Network neuralCf(LocalModel.NeuralCf model) {
    int dimension = model.specification().dimension();
    GraphBuilder graph = graph(model.settings()).addInputs(ITEM, OWN);
    ParameterRows parameters = new ParameterRows();
    graph.addLayer(USER, linear(1, dimension), OWN);
    parameters.privateRow(USER, model.user());
    boolean bias = model.specification().itemBias();
    addItems(graph, parameters, model.rows(), model.items(), dimension, bias);
    List<DenseLayer> tower = model.specification().towerWithLogit();
    String score = SUM;
    if (tower.isEmpty()) {
      addSum(graph, dimension);
    } else {
      score = addDense(graph, parameters, model.rows(), model.items(), tower, PRODUCT, dimension);
    }
    addLogistic(graph, score, bias);
    return new Network(
        build(graph, OUTPUT), parameters, ItemSteps.neuralCf(model.positives()), true);
  }

  private static GraphBuilder graph(TrainingSettings settings) {
    return new NeuralNetConfiguration.Builder()
        .updater(updater(settings))
        // A step follows the scaled sum of its losses; the scale comes with the step.
        .miniBatch(false)
        // All parameters are copied in.
        .weightInit(WeightInit.ZERO)
        .activation(Activation.IDENTITY)
        .graphBuilder();
  }

  private static IUpdater updater(TrainingSettings settings) {
    return switch (settings.optimiser()) {
      case SGD -> new Sgd(settings.learningRate());
      // For dense layers, sparse Adam is Adam; models of items have been refused.
      case ADAM, SPARSE_ADAM -> new Adam(settings.learningRate(), 0.9, 0.999, 1e-8);
    };
  }

  private static ComputationGraphConfiguration build(GraphBuilder graph, String output) {
    return graph.setOutputs(output).build();
  }

  /** Adds layers one behind the other; returns the name of the last. */
  private static String addDense(
      GraphBuilder graph,
      ParameterRows parameters,
      float[][] rows,
      int firstRow,
      List<DenseLayer> layers,
      String input,
      int inputs) {
    String below = input;
    int fanIn = inputs;
    int row = firstRow;
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      String name = "layer." + i;
      graph.addLayer(
          name,
          new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
              .nIn(fanIn)
              .nOut(layer.units())
              .activation(activation(layer.activation()))
              .build(),
          below);
      parameters.dense(name, rows, row, fanIn, layer.units());
      row += fanIn + 1;
      fanIn = layer.units();
      below = name;
    }
    return below;
  }

  /** Adds the embedding of the item, its product with the user, and its bias. */
  private static void addItems(
      GraphBuilder graph,
      ParameterRows parameters,
      float[][] rows,
      int items,
      int dimension,
      boolean bias) {
    graph.addLayer(ITEM_EMBEDDING, embedding(items, dimension), ITEM);
    parameters.weights(ITEM_EMBEDDING, rows, 0, items, 0, dimension);
    graph.addVertex(
        PRODUCT, new ElementWiseVertex(ElementWiseVertex.Op.Product), USER, ITEM_EMBEDDING);
    if (bias) {
      graph.addLayer(ITEM_BIAS, embedding(items, 1), ITEM);
      parameters.weights(ITEM_BIAS, rows, 0, items, dimension, 1);
    }
  }

  private static void addSum(GraphBuilder graph, int dimension) {
    graph.addLayer(
        SUM,
        new FrozenLayerWithBackprop(
            new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                .nIn(dimension)
                .nOut(1)
                .hasBias(false)
                .weightInit(WeightInit.ONES)
                .build()),
        PRODUCT);
  }

  private static void addLogistic(GraphBuilder graph, String score, boolean bias) {
    if (bias) {
      graph.addVertex(LOGIT, new ElementWiseVertex(ElementWiseVertex.Op.Add), score, ITEM_BIAS);
    }
    graph.addLayer(
        OUTPUT,
        new LossLayer.Builder(new LogisticLoss()).activation(Activation.SIGMOID).build(),
        bias ? LOGIT : score);
  }

  private static org.deeplearning4j.nn.conf.layers.DenseLayer linear(int inputs, int units) {
    return new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
        .nIn(inputs)
        .nOut(units)
        .hasBias(false)
        .build();
  }

  private static EmbeddingLayer embedding(int rows, int columns) {
    return new EmbeddingLayer.Builder().nIn(rows).nOut(columns).hasBias(false).build();
  }

  private static Activation activation(io.tacit.protocol.model.Activation activation) {
    return switch (activation) {
      case IDENTITY -> Activation.IDENTITY;
      case RELU -> Activation.RELU;
      case SIGMOID -> Activation.SIGMOID;
      case TANH -> Activation.TANH;
      case SOFTMAX -> Activation.SOFTMAX;
    };
  }

  private static ILossFunction loss(Loss loss) {
    return switch (loss) {
      case BINARY_CROSS_ENTROPY -> new LogisticLoss();
      case CATEGORICAL_CROSS_ENTROPY -> new LossMCXENT();
      case MEAN_SQUARED_ERROR -> new LossMSE();
    };
  }
}
