package io.tacit.protocol.model;

import java.util.List;

/**
 * A model described by data, not by code: every party that holds the specification builds the same
 * network and lays its parameters out in the same order.
 */
public sealed interface ModelSpecification {

  /** The word for the kind of model in plans and on the wire. */
  String kind();

  /**
   * Which parameter stands where. Rows of embeddings are items, in catalogue order.
   *
   * @throws IllegalArgumentException if the model has more parameters than the contract allows;
   *     nothing of that size is allocated
   */
  ParameterLayout layout();

  /** Seed of the initial parameters. */
  long initialSeed();

  /**
   * Dense features to a prediction, by a multi-layer perceptron.
   *
   * @param inputs encoded features per example
   * @param layers from the first hidden layer to the output, at least one
   * @param loss must fit the last layer: sigmoid with binary cross-entropy, softmax with
   *     categorical
   * @param initialSeed seed of the initial parameters
   */
  record Tabular(int inputs, List<DenseLayer> layers, Loss loss, long initialSeed)
      implements ModelSpecification {

    /** The kind. */
    public static final String KIND = "tabular";

    public Tabular {
      layers = List.copyOf(layers);
      requirePositive("inputs", inputs);
      if (layers.isEmpty()) {
        throw new IllegalArgumentException(
            "model has no layers, must have at least 1; the last one is the output");
      }
      requireLayers(layers);
      requireFit(layers, loss);
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public ParameterLayout layout() {
      return new ParameterLayout.Builder().dense("layer", inputs, layers).build();
    }

    /** Numbers that the model puts out per example. */
    public int outputs() {
      return layers.get(layers.size() - 1).units();
    }

    private static void requireFit(List<DenseLayer> layers, Loss loss) {
      for (DenseLayer layer : layers.subList(0, layers.size() - 1)) {
        if (layer.activation() == Activation.SOFTMAX) {
          throw new IllegalArgumentException("softmax is only allowed in the last layer");
        }
      }
      Activation last = layers.get(layers.size() - 1).activation();
      boolean fits =
          switch (loss) {
            case BINARY_CROSS_ENTROPY -> last == Activation.SIGMOID;
            case CATEGORICAL_CROSS_ENTROPY -> last == Activation.SOFTMAX;
            case MEAN_SQUARED_ERROR -> last != Activation.SOFTMAX;
          };
      if (!fits) {
        throw new IllegalArgumentException(
            "loss "
                + loss
                + " does not fit a last layer with activation "
                + last
                + "; use SIGMOID with BINARY_CROSS_ENTROPY, SOFTMAX with CATEGORICAL_CROSS_ENTROPY,"
                + " any other with MEAN_SQUARED_ERROR");
      }
    }
  }

  /**
   * Neural collaborative filtering: the element-wise product of a private user vector and a shared
   * item embedding goes through a tower to a logit; the item's bias is added. Without a tower the
   * product is summed, which is matrix factorisation. The user vector is no part of the layout: it
   * never leaves the device.
   *
   * @param items embedding rows: catalogue items and buckets for unknown ones
   * @param dimension length of an embedding
   * @param itemBias whether items have a bias
   * @param tower hidden layers; the logit is added behind them. Empty for matrix factorisation
   * @param initialSeed seed of the initial parameters
   */
  record NeuralCf(
      int items, int dimension, boolean itemBias, List<DenseLayer> tower, long initialSeed)
      implements ModelSpecification {

    /** The kind. */
    public static final String KIND = "neural-cf";

    public NeuralCf {
      tower = List.copyOf(tower);
      requirePositive("items", items);
      requirePositive("dimension", dimension);
      requireLayers(tower);
      for (DenseLayer layer : tower) {
        if (layer.activation() == Activation.SOFTMAX) {
          throw new IllegalArgumentException("softmax is not allowed in the tower");
        }
      }
    }

    @Override
    public String kind() {
      return KIND;
    }

    /** All layers behind the product: the tower and the logit; empty for matrix factorisation. */
    public List<DenseLayer> towerWithLogit() {
      if (tower.isEmpty()) {
        return List.of();
      }
      DenseLayer[] all = tower.toArray(new DenseLayer[tower.size() + 1]);
      all[tower.size()] = new DenseLayer(1, Activation.IDENTITY);
      return List.of(all);
    }

    @Override
    public ParameterLayout layout() {
      ParameterLayout.Builder builder = new ParameterLayout.Builder();
      builder.block(ITEM_EMBEDDING, items, dimension, Initialiser.NORMAL);
      if (itemBias) {
        builder.block(ITEM_BIAS, items, 1, Initialiser.ZERO);
      }
      return builder.dense(TOWER, dimension, towerWithLogit()).build();
    }
  }

  /**
   * Candidate generation by two towers: the user vector is the sum of the history embeddings of the
   * device's own items divided by the square root of their number (while training, the positive at
   * hand is left out); the score is its dot product with the item's embedding, plus the item's
   * bias. A device with few events has a good vector at once.
   *
   * @param items embedding rows: catalogue items and buckets for unknown ones
   * @param dimension length of an embedding
   * @param itemBias whether items have a bias
   * @param initialSeed seed of the initial parameters
   */
  record TwoTower(int items, int dimension, boolean itemBias, long initialSeed)
      implements ModelSpecification {

    /** The kind. */
    public static final String KIND = "two-tower";

    public TwoTower {
      requirePositive("items", items);
      requirePositive("dimension", dimension);
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public ParameterLayout layout() {
      ParameterLayout.Builder builder = new ParameterLayout.Builder();
      builder.block(ITEM_EMBEDDING, items, dimension, Initialiser.NORMAL);
      if (itemBias) {
        builder.block(ITEM_BIAS, items, 1, Initialiser.ZERO);
      }
      return builder.block(HISTORY_EMBEDDING, items, dimension, Initialiser.NORMAL).build();
    }
  }

  /** Block of the item embeddings, {@code [items][dimension]}. */
  String ITEM_EMBEDDING = "item.embedding";

  /** Layers of a model, or of a tower: each costs a device arrays and a call per example. */
  int LAYERS_MAX = 64;

  /** Block of the item biases, {@code [items][1]}. */
  String ITEM_BIAS = "item.bias";

  /** Block of the embeddings that make the user vector, {@code [items][dimension]}. */
  String HISTORY_EMBEDDING = "history.embedding";

  /** What the names of a tower's blocks begin with. */
  String TOWER = "tower";

  private static void requireLayers(List<DenseLayer> layers) {
    if (layers.size() > LAYERS_MAX) {
      throw new IllegalArgumentException(
          "model has " + layers.size() + " layers, must have at most " + LAYERS_MAX);
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is " + value + ", must be at least 1");
    }
  }
}
