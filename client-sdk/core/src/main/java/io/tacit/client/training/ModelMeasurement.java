package io.tacit.client.training;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How well a model does on the examples that a device holds back, as two numbers from 0 to 1 of
 * which more is better.
 *
 * <ul>
 *   <li>Over items: the means over held-back items of HR@10 and NDCG@10, each item ranked among all
 *       items of the catalogue that the device does not have. The user is what the training items
 *       alone make of one; a private vector is fitted to them from zero, so that it has never seen
 *       what is measured on, and stays on the device.
 *   <li>With labels: the share of labels that are right, and their mean likelihood. A sigmoid says
 *       yes from 1/2 on; a softmax must give the right class more than any other. Of squared errors
 *       {@code e}, averaged over the outputs, the two are the means of {@code 1 / (1 + e)} and
 *       {@code exp(-e / 2)}, the likelihood under a normal error of deviation 1 over its largest.
 * </ul>
 *
 * <p>A model so large that its sums could leave the finite numbers has 0 in both: it must not look
 * better than one that is bad, and its scores say nothing.
 *
 * @param first what versions of the model are compared by
 */
record ModelMeasurement(double first, double second) {

  private static final ModelMeasurement WORST = new ModelMeasurement(0, 0);

  /** Items that are scored together. */
  private static final int TILE = 1_024;

  /** Latest training items that a private vector is fitted to: this bounds the time. */
  private static final int FIT_ITEMS_MAX = 4_096;

  /**
   * Parameters are finite, and beyond this as good as infinite. Sums over at most 2^24 items of
   * products with features below 10^9 stay finite floats, so no user vector of smaller ones
   * overflows.
   */
  private static final float PARAMETER_MAX = 1e15f;

  /**
   * Measures.
   *
   * @param plan of the model
   * @param model of the plan's size
   * @param examples of the device
   * @return empty if it holds nothing back that the model could be measured on
   */
  static Optional<ModelMeasurement> of(
      TrainingPlan plan, ModelParameters model, LocalTrainerHoldout examples) {
    if (plan.model() instanceof ModelSpecification.Tabular tabular) {
      TabularExamples rows = (TabularExamples) examples.heldBack();
      return rows.size() == 0
          ? Optional.empty()
          : Optional.of(isUsable(model) ? ofRows(tabular, model, rows) : WORST);
    }
    int catalogue = ((FeatureSchema.Items) plan.features()).catalogueItems();
    // A bucket of unknown ids is no item that a person could be shown.
    int[] targets =
        IntStream.of(((InteractionExamples) examples.heldBack()).items())
            .filter(item -> item < catalogue)
            .toArray();
    return targets.length == 0
        ? Optional.empty()
        : Optional.of(isUsable(model) ? ofItems(plan, model, examples, targets, catalogue) : WORST);
  }

  private static boolean isUsable(ModelParameters model) {
    for (int i = 0; i < model.size(); i++) {
      if (!(Math.abs(model.get(i)) <= PARAMETER_MAX)) {
        return false;
      }
    }
    return true;
  }

  private static ModelMeasurement ofItems(
      TrainingPlan plan,
      ModelParameters model,
      LocalTrainerHoldout examples,
      int[] targets,
      int catalogue) {
    InteractionExamples training = (InteractionExamples) examples.training();
    ItemScorer scorer = ItemScorer.of(plan.model(), model, training.itemFeatures());
    UserVector user = userVector(plan, scorer, training);
    float[] targetScores = new float[targets.length];
    scorer.score(user, targets, targetScores);
    HeldBackRanks ranks = new HeldBackRanks(targetScores);
    rankOthers(ranks, scorer, user, owned(training.items(), targets), catalogue);
    return new ModelMeasurement(ranks.hitRate(), ranks.gain());
  }

  private static UserVector userVector(
      TrainingPlan plan, ItemScorer scorer, InteractionExamples training) {
    int[] items = training.items();
    if (!(plan.model() instanceof ModelSpecification.NeuralCf)) {
      return scorer.userVector(items, null, training.userFeatures());
    }
    int[] latest =
        Arrays.copyOfRange(items, Math.max(0, items.length - FIT_ITEMS_MAX), items.length);
    UserVector zero = UserVector.copyOf(new float[scorer.dimension()]);
    UserVector own = UserVectorFit.of(plan, scorer, latest, training.userFeatures(), zero);
    return scorer.userVector(items, own, training.userFeatures());
  }

  private static BitSet owned(int[] training, int[] heldBack) {
    BitSet owned = new BitSet();
    for (int item : training) {
      owned.set(item);
    }
    for (int item : heldBack) {
      owned.set(item);
    }
    return owned;
  }

  private static void rankOthers(
      HeldBackRanks ranks, ItemScorer scorer, UserVector user, BitSet owned, int catalogue) {
    int[] tile = new int[Math.min(TILE, catalogue)];
    float[] scores = new float[tile.length];
    int size = 0;
    for (int item = owned.nextClearBit(0); item < catalogue; item = owned.nextClearBit(item + 1)) {
      tile[size++] = item;
      if (size == tile.length) {
        scorer.score(user, tile, scores);
        ranks.add(scores, size);
        size = 0;
      }
    }
    if (size > 0) {
      scorer.score(user, Arrays.copyOf(tile, size), scores);
      ranks.add(scores, size);
    }
  }

  private static ModelMeasurement ofRows(
      ModelSpecification.Tabular specification, ModelParameters model, TabularExamples rows) {
    Loss loss = specification.loss();
    return new ModelMeasurement(
        LocalTrainerValidation.meanOverRows(
            specification,
            model,
            rows,
            (outputs, labels, from) -> rightness(loss, outputs, labels, from)),
        LocalTrainerValidation.meanOverRows(
            specification,
            model,
            rows,
            (outputs, labels, from) -> likelihood(loss, outputs, labels, from)));
  }

  private static double rightness(Loss loss, float[] outputs, float[] labels, int from) {
    return switch (loss) {
      case BINARY_CROSS_ENTROPY -> {
        int right = 0;
        for (int j = 0; j < outputs.length; j++) {
          boolean isRight = labels[from + j] >= 0.5f ? outputs[j] >= 0.5f : outputs[j] < 0.5f;
          right += isRight ? 1 : 0;
        }
        yield (double) right / outputs.length;
      }
      case CATEGORICAL_CROSS_ENTROPY -> isLargest(outputs, (int) labels[from]) ? 1 : 0;
      case MEAN_SQUARED_ERROR -> unit(1 / (1 + squaredError(outputs, labels, from)));
    };
  }

  /** Ties count against the model, here too. */
  private static boolean isLargest(float[] outputs, int label) {
    for (int j = 0; j < outputs.length; j++) {
      if (j != label && !(outputs[j] < outputs[label])) {
        return false;
      }
    }
    return true;
  }

  private static double likelihood(Loss loss, float[] outputs, float[] labels, int from) {
    return switch (loss) {
      case BINARY_CROSS_ENTROPY -> {
        double sum = 0;
        for (int j = 0; j < outputs.length; j++) {
          double label = labels[from + j];
          sum += unit(label * outputs[j] + (1 - label) * (1.0 - outputs[j]));
        }
        yield sum / outputs.length;
      }
      case CATEGORICAL_CROSS_ENTROPY -> unit(outputs[(int) labels[from]]);
      case MEAN_SQUARED_ERROR -> unit(Math.exp(-squaredError(outputs, labels, from) / 2));
    };
  }

  private static double squaredError(float[] outputs, float[] labels, int from) {
    double sum = 0;
    for (int j = 0; j < outputs.length; j++) {
      double error = (double) outputs[j] - labels[from + j];
      sum += error * error;
    }
    return sum / outputs.length;
  }

  /** Within 0 and 1, which rounding may leave; 0 where layers overflowed. */
  private static double unit(double value) {
    return value >= 0 ? Math.min(value, 1) : 0;
  }
}
