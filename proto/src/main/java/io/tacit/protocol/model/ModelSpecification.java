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
   * A model over items: each has an embedding, and a user is a vector of the same dimension. What
   * is known of items and users beside what they did enters as features: a feature has rows like an
   * item's, and a weight for each item that has it. An item counts as its own row plus the weighted
   * rows of its features; a user's vector gets the weighted rows of the user's. So an item that
   * nobody has met, or a user who has done nothing yet, stands where those like them do. Rows of
   * features start at zero: at first a model with features is the one without.
   */
  sealed interface OfItems extends ModelSpecification permits NeuralCf, TwoTower {

    /** Embedding rows: catalogue items and buckets for unknown ones. */
    int items();

    /** Length of an embedding. */
    int dimension();

    /** Whether items have a bias. */
    boolean itemBias();

    /** Encoded numbers of an item's features, 0 without. */
    int itemFeatures();

    /** Encoded numbers of a user's features, 0 without. */
    int userFeatures();

    /**
     * This model when the rows of item features were added to those of the items that have them.
     * Its layout is the beginning of this one.
     */
    OfItems folded();
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
   * @param itemFeatures encoded numbers of an item's features, at least 0
   * @param userFeatures encoded numbers of a user's features, at least 0
   * @param initialSeed seed of the initial parameters
   */
  record NeuralCf(
      int items,
      int dimension,
      boolean itemBias,
      List<DenseLayer> tower,
      int itemFeatures,
      int userFeatures,
      long initialSeed)
      implements OfItems {

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
      requireWidth("item-features", itemFeatures);
      requireWidth("user-features", userFeatures);
    }

    /** Without features. */
    public NeuralCf(
        int items, int dimension, boolean itemBias, List<DenseLayer> tower, long initialSeed) {
      this(items, dimension, itemBias, tower, 0, 0, initialSeed);
    }

    @Override
    public NeuralCf folded() {
      return new NeuralCf(items, dimension, itemBias, tower, 0, userFeatures, initialSeed);
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
      ParameterLayout.Builder builder = itemBlocks(this);
      builder.dense(TOWER, dimension, towerWithLogit());
      return featureBlocks(builder, this).build();
    }
  }

  /**
   * Candidate generation by two towers: the user vector is the sum of the history embeddings of the
   * device's own items divided by the square root of their number (while training, the positive at
   * hand is left out); the score is its dot product with the item's embedding, plus the item's
   * bias. A device with few events has a good vector at once. With {@link Recency} the latest items
   * count beside that; then an item is learnt at the moment at which it was chosen, from the items
   * before it.
   *
   * @param items embedding rows: catalogue items and buckets for unknown ones
   * @param dimension length of an embedding
   * @param itemBias whether items have a bias
   * @param itemFeatures encoded numbers of an item's features, at least 0
   * @param userFeatures encoded numbers of a user's features, at least 0
   * @param recency how much the latest items count
   * @param initialSeed seed of the initial parameters
   */
  record TwoTower(
      int items,
      int dimension,
      boolean itemBias,
      int itemFeatures,
      int userFeatures,
      Recency recency,
      long initialSeed)
      implements OfItems {

    /** The kind. */
    public static final String KIND = "two-tower";

    public TwoTower {
      requirePositive("items", items);
      requirePositive("dimension", dimension);
      requireWidth("item-features", itemFeatures);
      requireWidth("user-features", userFeatures);
    }

    /** Where all items of a history count alike. */
    public TwoTower(
        int items,
        int dimension,
        boolean itemBias,
        int itemFeatures,
        int userFeatures,
        long initialSeed) {
      this(items, dimension, itemBias, itemFeatures, userFeatures, Recency.NONE, initialSeed);
    }

    /** Without features, where all items of a history count alike. */
    public TwoTower(int items, int dimension, boolean itemBias, long initialSeed) {
      this(items, dimension, itemBias, 0, 0, initialSeed);
    }

    @Override
    public TwoTower folded() {
      return new TwoTower(items, dimension, itemBias, 0, userFeatures, recency, initialSeed);
    }

    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public ParameterLayout layout() {
      ParameterLayout.Builder builder = itemBlocks(this);
      builder.block(HISTORY_EMBEDDING, items, dimension, Initialiser.NORMAL);
      featureBlocks(builder, this);
      if (itemFeatures > 0) {
        builder.block(HISTORY_FEATURE_EMBEDDING, itemFeatures, dimension, Initialiser.ZERO);
      }
      return builder.build();
    }
  }

  private static ParameterLayout.Builder itemBlocks(OfItems model) {
    ParameterLayout.Builder builder = new ParameterLayout.Builder();
    builder.block(ITEM_EMBEDDING, model.items(), model.dimension(), Initialiser.NORMAL);
    if (model.itemBias()) {
      builder.block(ITEM_BIAS, model.items(), 1, Initialiser.ZERO);
    }
    return builder;
  }

  /** Those of item features last, so that a folded model's layout is the beginning of the whole. */
  private static ParameterLayout.Builder featureBlocks(
      ParameterLayout.Builder builder, OfItems model) {
    if (model.userFeatures() > 0) {
      builder.block(
          USER_FEATURE_EMBEDDING, model.userFeatures(), model.dimension(), Initialiser.ZERO);
    }
    if (model.itemFeatures() > 0) {
      builder.block(
          ITEM_FEATURE_EMBEDDING, model.itemFeatures(), model.dimension(), Initialiser.ZERO);
      if (model.itemBias()) {
        builder.block(ITEM_FEATURE_BIAS, model.itemFeatures(), 1, Initialiser.ZERO);
      }
    }
    return builder;
  }

  /** Block of the item embeddings, {@code [items][dimension]}. */
  String ITEM_EMBEDDING = "item.embedding";

  /** Layers of a model, or of a tower: each costs a device arrays and a call per example. */
  int LAYERS_MAX = 64;

  /** Block of the item biases, {@code [items][1]}. */
  String ITEM_BIAS = "item.bias";

  /** Block of the embeddings that make the user vector, {@code [items][dimension]}. */
  String HISTORY_EMBEDDING = "history.embedding";

  /** Block of what users' features add to a user vector, {@code [userFeatures][dimension]}. */
  String USER_FEATURE_EMBEDDING = "user.feature.embedding";

  /** Block of what item features add to an embedding, {@code [itemFeatures][dimension]}. */
  String ITEM_FEATURE_EMBEDDING = "item.feature.embedding";

  /** Block of what item features add to a bias, {@code [itemFeatures][1]}. */
  String ITEM_FEATURE_BIAS = "item.feature.bias";

  /** Block of what item features add to a history embedding, {@code [itemFeatures][dimension]}. */
  String HISTORY_FEATURE_EMBEDDING = "history.feature.embedding";

  /** The block of what item features add to the rows of a block of items. */
  static String featureBlockOf(String itemBlock) {
    return switch (itemBlock) {
      case ITEM_EMBEDDING -> ITEM_FEATURE_EMBEDDING;
      case ITEM_BIAS -> ITEM_FEATURE_BIAS;
      case HISTORY_EMBEDDING -> HISTORY_FEATURE_EMBEDDING;
      default -> throw new IllegalArgumentException(itemBlock + " has no rows of items");
    };
  }

  /** What the names of a tower's blocks begin with. */
  String TOWER = "tower";

  private static void requireLayers(List<DenseLayer> layers) {
    if (layers.size() > LAYERS_MAX) {
      throw new IllegalArgumentException(
          "model has " + layers.size() + " layers, must have at most " + LAYERS_MAX);
    }
  }

  private static void requireWidth(String what, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is " + value + ", must be at least 0");
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is " + value + ", must be at least 1");
    }
  }
}
