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

  private final ItemParameters parameters;

  /** The same array: none of the two ever writes to it. */
  private final ModelParameters all;

  private final @Nullable DenseNetwork tower;

  private ItemScorer(ItemParameters parameters, @Nullable DenseNetwork tower) {
    this.parameters = parameters;
    this.all = ModelParameters.owning(parameters.values());
    this.tower = tower;
  }

  /**
   * A scorer of a model; copies the parameters.
   *
   * @throws IllegalArgumentException if the model has no items, or the parameters are not its own
   */
  public static ItemScorer of(ModelSpecification specification, ModelParameters parameters) {
    requireSize(specification, parameters);
    ParameterLayout layout = specification.layout();
    float[] values = parameters.toArray();
    if (specification instanceof ModelSpecification.TwoTower) {
      ModelSpecification.TwoTower model = (ModelSpecification.TwoTower) specification;
      return new ItemScorer(
          new ItemParameters(layout, model.items(), model.dimension(), values), null);
    }
    if (specification instanceof ModelSpecification.NeuralCf) {
      ModelSpecification.NeuralCf model = (ModelSpecification.NeuralCf) specification;
      return new ItemScorer(
          new ItemParameters(layout, model.items(), model.dimension(), values),
          towerOf(model, layout, values));
    }
    throw new IllegalArgumentException(
        "a " + specification.kind() + " model has no items to score; use TabularPredictor");
  }

  /** Number of items, i.e. rows from 0 on. */
  public int items() {
    return parameters.items();
  }

  /** Elements of a user vector. */
  public int dimension() {
    return parameters.dimension();
  }

  /** The parameters of the model; they share the scorer's memory. */
  public ModelParameters parameters() {
    return all;
  }

  /**
   * The vector to score with.
   *
   * @param history rows of the user's own items; a two-tower model makes the vector of them, the
   *     sum of their history embeddings over the square root of their number
   * @param privateVector what the device kept from training; models with private vectors take it as
   *     it is. Null (not trained yet) gives zeros: items are then ranked by their bias
   */
  public UserVector userVector(int[] history, @Nullable UserVector privateVector) {
    int dimension = parameters.dimension();
    if (!parameters.hasHistory()) {
      return privateVector != null ? privateVector : UserVector.copyOf(new float[dimension]);
    }
    float[] sum = new float[dimension];
    for (int item : history) {
      int from = parameters.history(parameters.requireItem(item));
      for (int j = 0; j < dimension; j++) {
        sum[j] += parameters.values()[from + j];
      }
    }
    float scale = historyScale(history.length);
    for (int j = 0; j < dimension; j++) {
      sum[j] *= scale;
    }
    return UserVector.copyOf(sum);
  }

  /** By what the sum of so many history embeddings is multiplied, {@code 1 / sqrt(max(n, 1))}. */
  public static float historyScale(int items) {
    return (float) (1 / Math.sqrt(Math.max(items, 1)));
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
   * What the user's own items add to the score of an item. The baseline is the score for a user of
   * whom nothing is known. Of a private vector, at most the latest 1,000 own items are told apart.
   *
   * @param user of {@link #userVector}, of the same history
   * @param history rows of the user's own items, one part each
   * @param item whose score it is
   */
  public Attribution attribute(UserVector user, int[] history, int item) {
    requireDimension(user);
    parameters.requireItem(item);
    for (int own : history) {
      parameters.requireItem(own);
    }
    return parameters.hasHistory()
        ? PooledAttribution.of(parameters, history, item)
        : PrivateAttribution.of(parameters, tower, user.elements(), history, item);
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
