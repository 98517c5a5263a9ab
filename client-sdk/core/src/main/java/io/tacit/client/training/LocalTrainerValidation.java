package io.tacit.client.training;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.TabularPredictor;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.SplitMix64;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The loss of a locally trained model on the examples that training did not see. */
final class LocalTrainerValidation {

  /** Keeps the logarithm of a saturated prediction finite, as float outputs reach 0 and 1. */
  private static final double PROBABILITY_MIN = 1e-7;

  private LocalTrainerValidation() {}

  /** What one row of examples gives. */
  @FunctionalInterface
  interface RowFigure {

    /**
     * @param outputs what the model says of the row
     * @param labels of all rows
     * @param from the row's first label
     */
    double of(float[] outputs, float[] labels, int from);
  }

  /**
   * Mean loss per held-back row.
   *
   * @param heldBack at least one
   */
  static double tabularLoss(
      ModelSpecification.Tabular model, ModelParameters trained, TabularExamples heldBack) {
    return meanOverRows(
        model,
        trained,
        heldBack,
        (outputs, labels, from) -> loss(model.loss(), outputs, labels, from));
  }

  /**
   * The mean of a figure over rows.
   *
   * @param rows at least one
   */
  static double meanOverRows(
      ModelSpecification.Tabular model,
      ModelParameters parameters,
      TabularExamples rows,
      RowFigure figure) {
    TabularPredictor predictor = new TabularPredictor(model, parameters);
    int labels = rows.labels().length / rows.size();
    float[] features = new float[model.inputs()];
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.features(), i * features.length, features, 0, features.length);
      sum += figure.of(predictor.predict(features), rows.labels(), i * labels);
    }
    return sum / rows.size();
  }

  private static double loss(Loss loss, float[] outputs, float[] labels, int from) {
    if (loss == Loss.CATEGORICAL_CROSS_ENTROPY) {
      return -logarithm(outputs[(int) labels[from]]);
    }
    double sum = 0;
    for (int j = 0; j < outputs.length; j++) {
      double label = labels[from + j];
      sum +=
          loss == Loss.MEAN_SQUARED_ERROR
              ? (outputs[j] - label) * (outputs[j] - label) / outputs.length
              : -label * logarithm(outputs[j]) - (1 - label) * logarithm(1.0 - outputs[j]);
    }
    return sum;
  }

  private static double logarithm(double probability) {
    return Math.log(Math.max(probability, PROBABILITY_MIN));
  }

  /**
   * Mean binary cross-entropy per held-back item and sampled negative, for the user that the
   * training items make.
   *
   * @param examples of which at least one is held back
   * @param userVector as trained, null for models without
   * @param negatives per held-back item, as in training
   */
  static double itemLoss(
      ModelSpecification model,
      ModelParameters trained,
      LocalTrainerHoldout examples,
      @Nullable UserVector userVector,
      int negatives,
      long seed) {
    InteractionExamples training = (InteractionExamples) examples.training();
    int[] history = training.items();
    int[] positives = ((InteractionExamples) examples.heldBack()).items();
    ItemScorer scorer = ItemScorer.of(model, trained, training.itemFeatures());
    Set<Integer> own = new HashSet<>();
    IntStream.concat(IntStream.of(history), IntStream.of(positives)).forEach(own::add);
    SplitMix64 random = new SplitMix64(seed);
    int[] sampled =
        IntStream.generate(() -> random.nextInt(scorer.items()))
            .limit((long) negatives * positives.length)
            .filter(item -> !own.contains(item))
            .toArray();
    UserVector user = scorer.userVector(history, userVector, training.userFeatures());
    double sum = loss(scorer, user, positives, 1) + loss(scorer, user, sampled, 0);
    return sum / (positives.length + sampled.length);
  }

  private static double loss(ItemScorer scorer, UserVector user, int[] items, float label) {
    float[] logits = new float[items.length];
    scorer.score(user, items, logits);
    double sum = 0;
    for (float logit : logits) {
      sum += OutputLoss.logistic(logit, label);
    }
    return sum;
  }
}
