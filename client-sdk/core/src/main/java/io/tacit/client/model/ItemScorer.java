package io.tacit.client.model;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterLayout;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Scores the items of a catalogue for a user, with a two-tower or neural-cf model. Make one per
 * model version and keep it. Immutable and safe to share.
 */
public final class ItemScorer {

  /** An item that counts less than this beside the latest changes no bit of a vector. */
  private static final float NEGLIGIBLE = 1e-9f;

  private final ModelSpecification.OfItems specification;

  private final ItemParameters parameters;

  /** The same array: none of the two ever writes to it. */
  private final ModelParameters all;

  private final @Nullable DenseNetwork tower;

  /** Of models that make the user of a history. */
  private final @Nullable HistoryWeights weights;

  private ItemScorer(ModelSpecification.OfItems specification, float[] values) {
    ParameterLayout layout = specification.layout();
    this.specification = specification;
    this.parameters = new ItemParameters(specification, layout, values);
    this.all = ModelParameters.owning(values);
    this.tower =
        specification instanceof ModelSpecification.NeuralCf
            ? towerOf((ModelSpecification.NeuralCf) specification, layout, values)
            : null;
    this.weights =
        specification instanceof ModelSpecification.TwoTower
            ? HistoryWeights.of((ModelSpecification.TwoTower) specification)
            : null;
  }

  /**
   * A scorer of a model whose items are known by their ids alone; copies the parameters.
   *
   * @throws IllegalArgumentException if the model has no items, or the parameters are not its own
   */
  public static ItemScorer of(ModelSpecification specification, ModelParameters parameters) {
    return of(specification, parameters, ItemFeatures.NONE);
  }

  /**
   * A scorer of a model; copies the parameters.
   *
   * @param features of its items, encoded by the plan that trained it; read now and not kept
   * @throws IllegalArgumentException if the model has no items, or parameters or features are not
   *     its own
   */
  public static ItemScorer of(
      ModelSpecification specification, ModelParameters parameters, ItemFeatures features) {
    requireSize(specification, parameters);
    if (!(specification instanceof ModelSpecification.OfItems)) {
      throw new IllegalArgumentException(
          "a " + specification.kind() + " model has no items to score; use TabularPredictor");
    }
    ModelSpecification.OfItems model = (ModelSpecification.OfItems) specification;
    return new ItemScorer(model.folded(), FeatureFolding.fold(model, parameters, features));
  }

  /** Number of items, i.e. rows from 0 on. */
  public int items() {
    return parameters.items();
  }

  /** Elements of a user vector. */
  public int dimension() {
    return parameters.dimension();
  }

  /** What is scored with: the model, with what is known of items folded into their rows. */
  public ModelSpecification.OfItems specification() {
    return specification;
  }

  /** The parameters of {@link #specification()}; they share the scorer's memory. */
  public ModelParameters parameters() {
    return all;
  }

  /**
   * The vector to score with.
   *
   * @param history rows of the user's own items, earliest first; a two-tower model makes the vector
   *     of them, as {@link io.tacit.protocol.model.Recency} says
   * @param privateVector what the device kept from training; models with private vectors take it as
   *     it is. Null (not trained yet) gives zeros: items are then ranked by their bias
   */
  public UserVector userVector(int[] history, @Nullable UserVector privateVector) {
    return userVector(history, privateVector, SparseVector.ZERO);
  }

  /**
   * The vector to score with, of a user of whom something is known beside the history.
   *
   * @param features encoded by the plan that trained the model; what they say is added to what
   *     history or private vector say
   * @throws IllegalArgumentException if a feature is none of the model's
   */
  public UserVector userVector(
      int[] history, @Nullable UserVector privateVector, SparseVector features) {
    float[] user =
        weights != null
            ? pooled(history, weights)
            : privateVector != null ? privateVector.toArray() : new float[dimension()];
    parameters.addFeatures(features, user);
    return UserVector.copyOf(user);
  }

  private float[] pooled(int[] history, HistoryWeights weights) {
    float[] sum = new float[parameters.dimension()];
    for (int item : history) {
      parameters.addHistory(parameters.requireItem(item), 1, sum);
    }
    float scale = weights.ofAll(history.length);
    for (int j = 0; j < sum.length; j++) {
      sum[j] *= scale;
    }
    float recent = weights.latest();
    for (int i = history.length - 1; i >= 0 && recent > NEGLIGIBLE; i--) {
      parameters.addHistory(history[i], recent, sum);
      recent *= weights.decay();
    }
    return sum;
  }

  /**
   * Scores candidates.
   *
   * @param user of {@link #userVector}
   * @param candidates rows
   * @param scores filled from index 0 on with a logit per candidate, higher is better; at least as
   *     long
   * @throws IllegalArgumentException if a candidate is no row, or lengths do not fit
   */
  public void score(UserVector user, int[] candidates, float[] scores) {
    requireDimension(user);
    if (scores.length < candidates.length) {
      throw new IllegalArgumentException(
          "scores has room for " + scores.length + " of " + candidates.length + " candidates");
    }
    for (int candidate : candidates) {
      parameters.requireItem(candidate);
    }
    if (tower != null) {
      new TowerRanking(parameters, tower).score(user.elements(), candidates, scores);
      return;
    }
    for (int i = 0; i < candidates.length; i++) {
      scores[i] = parameters.dot(user.elements(), candidates[i]);
    }
    if (parameters.hasBias()) {
      for (int i = 0; i < candidates.length; i++) {
        scores[i] += parameters.bias(candidates[i]);
      }
    }
  }

  /**
   * The best items of the whole catalogue.
   *
   * @param user of {@link #userVector}
   * @param count how many at most
   * @param excluded rows that must not come up, in any order; those that are no rows are passed
   *     over
   */
  public RankedItems top(UserVector user, int count, int[] excluded) {
    BitSet wanted = new BitSet(items());
    wanted.set(0, items());
    for (int row : excluded) {
      if (row >= 0) {
        wanted.clear(row);
      }
    }
    return top(user, count, wanted);
  }

  /**
   * The best of the wanted items: by an exact scan where the score is a dot product or the
   * catalogue has at most 4,096 items; where a tower ranks a larger one, the best of at least 1,024
   * candidates that a dot product chooses ({@link TowerRanking}).
   *
   * @param user of {@link #userVector}
   * @param count how many at most
   * @param wanted rows that may come up; read only
   */
  public RankedItems top(UserVector user, int count, BitSet wanted) {
    requireDimension(user);
    if (count < 0) {
      throw new IllegalArgumentException("count is " + count + ", must be at least 0");
    }
    if (wanted.length() > items()) {
      parameters.requireItem(wanted.length() - 1);
    }
    return tower == null
        ? ItemScan.best(parameters, user.elements(), count, wanted)
        : new TowerRanking(parameters, tower).best(user.elements(), count, wanted);
  }

  /**
   * The items with the highest bias, which is what everyone likes; equal ones, as all are where the
   * model has no bias, in order of row.
   *
   * @param count how many at most
   * @param wanted rows that may come up; read only
   */
  public RankedItems mostPopular(int count, BitSet wanted) {
    BestItems best = new BestItems(Math.min(count, items()));
    for (int row = wanted.nextSetBit(0); row >= 0; row = wanted.nextSetBit(row + 1)) {
      best.offer(parameters.requireItem(row), parameters.bias(row));
    }
    return best.drain();
  }

  /**
   * Chooses items of a pool that are good and unlike each other, by maximal marginal relevance over
   * the items' embeddings ({@link MarginalRelevance} has the formula). Takes time in proportion to
   * {@code count * pool.size()}.
   *
   * @param pool of {@link #top}
   * @param count how many at most
   * @param diversity 0 to keep the order of scores, up to 1
   */
  public RankedItems diversify(RankedItems pool, int count, double diversity) {
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new IllegalArgumentException(
          "diversity is " + diversity + ", must be 0 to 1; 0 turns it off, 0.3 is a usual start");
    }
    return MarginalRelevance.choose(parameters, pool, count, diversity);
  }

  /**
   * What the user's own items add to the score of an item; their rows in the order of {@link
   * #userVector}. The baseline is the score for a user of whom nothing is known. Of a private
   * vector, at most the latest 1,000 own items are told apart.
   *
   * @param user of {@link #userVector}, of the same history and features
   * @param history rows of the user's own items, one part each
   * @param features what else is known of the user, one part together
   * @param item whose score it is
   */
  public Attribution attribute(UserVector user, int[] history, SparseVector features, int item) {
    requireDimension(user);
    float[] ofFeatures = new float[dimension()];
    parameters.addFeatures(features, ofFeatures);
    parameters.requireItem(item);
    for (int own : history) {
      parameters.requireItem(own);
    }
    return weights != null
        ? PooledAttribution.of(parameters, weights, history, ofFeatures, item)
        : PrivateAttribution.of(parameters, tower, user.elements(), history, ofFeatures, item);
  }

  /** The same of a user of whom nothing is known beside the history. */
  public Attribution attribute(UserVector user, int[] history, int item) {
    return attribute(user, history, SparseVector.ZERO, item);
  }

  private static @Nullable DenseNetwork towerOf(
      ModelSpecification.NeuralCf model, ParameterLayout layout, float[] parameters) {
    if (model.tower().isEmpty()) {
      return null;
    }
    float[][] rows =
        DenseNetwork.rowsOf(
            parameters,
            layout.block(ModelSpecification.TOWER + ".0.weights").offset(),
            model.dimension(),
            model.towerWithLogit());
    return new DenseNetwork(model.dimension(), model.towerWithLogit(), rows, 0);
  }

  private void requireDimension(UserVector user) {
    if (user.dimension() != parameters.dimension()) {
      throw new IllegalArgumentException(
          "user vector has "
              + user.dimension()
              + " elements but the model has dimension "
              + parameters.dimension()
              + "; drop the vector and train a new one");
    }
  }

  static void requireSize(ModelSpecification specification, ModelParameters parameters) {
    int expected = specification.layout().size();
    if (parameters.size() != expected) {
      throw new IllegalArgumentException(
          "parameters have "
              + parameters.size()
              + " elements but the "
              + specification.kind()
              + " model has "
              + expected
              + "; fetch the model again");
    }
  }
}
