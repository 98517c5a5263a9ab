package io.tacit.client.model;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores the items of a catalogue for a user, with a two-tower or neural-cf model. Make one per
 * model version and keep it. Immutable and safe to share.
 */
public final class ItemScorer {

  /** Items that go through the tower at once. */
  private static final int TOWER_BATCH = 32;

  private final float[] parameters;
  private final int items;
  private final int dimension;
  private final int embeddingOffset;

  /** Where item biases start, or -1. */
  private final int biasOffset;

  /** Where history embeddings start, or -1 for models with a private user vector. */
  private final int historyOffset;

  private final @Nullable DenseNetwork tower;

  private ItemScorer(
      ParameterLayout layout,
      int items,
      int dimension,
      float[] parameters,
      @Nullable DenseNetwork tower) {
    this.parameters = parameters;
    this.items = items;
    this.dimension = dimension;
    this.embeddingOffset = layout.block(ModelSpecification.ITEM_EMBEDDING).offset();
    this.biasOffset = offsetOf(layout, ModelSpecification.ITEM_BIAS);
    this.historyOffset = offsetOf(layout, ModelSpecification.HISTORY_EMBEDDING);
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
      return new ItemScorer(layout, model.items(), model.dimension(), values, null);
    }
    if (specification instanceof ModelSpecification.NeuralCf) {
      ModelSpecification.NeuralCf model = (ModelSpecification.NeuralCf) specification;
      return new ItemScorer(
          layout, model.items(), model.dimension(), values, towerOf(model, layout, values));
    }
    throw new IllegalArgumentException(
        "a " + specification.kind() + " model has no items to score; use TabularPredictor");
  }

  /** Number of items, i.e. rows from 0 on. */
  public int items() {
    return items;
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
    if (historyOffset < 0) {
      return privateVector != null ? privateVector : UserVector.copyOf(new float[dimension]);
    }
    float[] sum = new float[dimension];
    for (int item : history) {
      int from = historyOffset + requireItem(item) * dimension;
      for (int j = 0; j < dimension; j++) {
        sum[j] += parameters[from + j];
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
      requireItem(candidate);
    }
    score(user.elements(), candidates, candidates.length, scores, newTowerPass());
  }

  /**
   * The best items of the whole catalogue, by a scan.
   *
   * @param user of {@link #userVector}
   * @param count how many at most
   * @param excluded rows that must not come up, in any order
   */
  public RankedItems top(UserVector user, int count, int[] excluded) {
    requireDimension(user);
    if (count < 0) {
      throw new IllegalArgumentException("count is " + count + ", must be at least 0");
    }
    int[] skip = excluded.clone();
    Arrays.sort(skip);
    BestItems best = new BestItems(Math.min(count, items));
    DenseNetwork.@Nullable Pass pass = newTowerPass();
    int[] batch = new int[TOWER_BATCH];
    float[] scores = new float[TOWER_BATCH];
    int filled = 0;
    int nextSkip = 0;
    for (int item = 0; item < items; item++) {
      while (nextSkip < skip.length && skip[nextSkip] < item) {
        nextSkip++;
      }
      if (nextSkip == skip.length || skip[nextSkip] != item) {
        batch[filled++] = item;
      }
      if (filled == TOWER_BATCH || item == items - 1) {
        score(user.elements(), batch, filled, scores, pass);
        for (int i = 0; i < filled; i++) {
          best.offer(batch[i], scores[i]);
        }
        filled = 0;
      }
    }
    return best.drain();
  }

  private void score(
      float[] user, int[] candidates, int count, float[] scores, DenseNetwork.@Nullable Pass pass) {
    if (pass == null) {
      for (int i = 0; i < count; i++) {
        int row = embeddingOffset + candidates[i] * dimension;
        scores[i] = FloatKernels.dot(user, 0, parameters, row, dimension);
      }
    } else {
      scoreByTower(user, candidates, count, scores, pass);
    }
    if (biasOffset >= 0) {
      for (int i = 0; i < count; i++) {
        scores[i] += parameters[biasOffset + candidates[i]];
      }
    }
  }

  private void scoreByTower(
      float[] user, int[] candidates, int count, float[] scores, DenseNetwork.Pass pass) {
    for (int from = 0; from < count; from += TOWER_BATCH) {
      int size = Math.min(TOWER_BATCH, count - from);
      for (int b = 0; b < size; b++) {
        float[] product = pass.input()[b];
        int row = embeddingOffset + candidates[from + b] * dimension;
        for (int j = 0; j < dimension; j++) {
          product[j] = user[j] * parameters[row + j];
        }
      }
      float[][] logits = pass.runToSums(size);
      for (int b = 0; b < size; b++) {
        scores[from + b] = logits[b][0];
      }
    }
  }

  private DenseNetwork.@Nullable Pass newTowerPass() {
    return tower == null ? null : tower.newPass(TOWER_BATCH);
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

  private static int offsetOf(ParameterLayout layout, String block) {
    return layout.hasBlock(block) ? layout.block(block).offset() : -1;
  }

  private int requireItem(int item) {
    if (item < 0 || item >= items) {
      throw new IllegalArgumentException(
          "item " + item + " is no row of the model, rows are 0 to " + (items - 1));
    }
    return item;
  }

  private void requireDimension(UserVector user) {
    if (user.dimension() != dimension) {
      throw new IllegalArgumentException(
          "user vector has "
              + user.dimension()
              + " elements but the model has dimension "
              + dimension
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
