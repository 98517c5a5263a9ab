package io.tacit.client.training;

import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelSpecification;

/**
 * What one training may change of a model, and what it learns from: all that an engine needs to
 * make a {@link Learner}. Parameters are rows that the training owns; of models of items only those
 * of the items that this device will touch are there, under local numbers from 0 on.
 *
 * <p>Arrays are not copied. A learner reads the start from the rows and leaves in them what it
 * learnt; everything else it only reads.
 */
public sealed interface LocalModel {

  /** How to train. Steps come ready made; what is left to an engine is how parameters move. */
  TrainingSettings settings();

  /** Most examples of one step. */
  int stepExamplesMax();

  /**
   * A multi-layer perceptron. Examples are the rows of {@code examples}, by their index.
   *
   * @param specification its layers and loss
   * @param examples fit the specification, which the constructor checks
   * @param rows per layer its weights {@code [fan-in][units]}, then its bias {@code [units]}
   */
  record Tabular(
      ModelSpecification.Tabular specification,
      TabularExamples examples,
      float[][] rows,
      TrainingSettings settings,
      int stepExamplesMax)
      implements LocalModel {

    public Tabular {
      requireFit(specification, examples, labelsPerExample(specification));
    }

    /** Labels per example: a class index with categorical cross-entropy, else one per output. */
    public int labelsPerExample() {
      return labelsPerExample(specification);
    }

    private static int labelsPerExample(ModelSpecification.Tabular model) {
      return model.loss() == Loss.CATEGORICAL_CROSS_ENTROPY ? 1 : model.outputs();
    }

    private static void requireFit(
        ModelSpecification.Tabular model, TabularExamples examples, int labelsPerExample) {
      requirePerExample("features", examples.features(), examples.size(), model.inputs());
      requirePerExample("labels", examples.labels(), examples.size(), labelsPerExample);
      for (float label : examples.labels()) {
        boolean fits =
            switch (model.loss()) {
              case BINARY_CROSS_ENTROPY -> label >= 0 && label <= 1;
              case CATEGORICAL_CROSS_ENTROPY ->
                  label >= 0 && label < model.outputs() && label == (int) label;
              case MEAN_SQUARED_ERROR -> true;
            };
        if (!fits) {
          throw new IllegalArgumentException(
              "a label is "
                  + label
                  + ", must be "
                  + (model.loss() == Loss.BINARY_CROSS_ENTROPY
                      ? "in [0, 1]"
                      : "a class index in [0, " + (model.outputs() - 1) + "]")
                  + " for loss "
                  + model.loss());
        }
      }
    }

    private static void requirePerExample(String what, float[] values, int examples, int expected) {
      if (values.length != (long) examples * expected) {
        throw new IllegalArgumentException(
            "examples have "
                + values.length / examples
                + " "
                + what
                + " each but the model takes "
                + expected
                + "; encode them with the schema of the model's plan");
      }
    }
  }

  /**
   * A two-tower model. Examples are local items: own items 0 to {@code positives - 1}, earliest
   * first, with label 1, all others with label 0. No item comes twice in an epoch. With recency,
   * the user of own item i is made at its moment, from those before it, and that of another item j
   * at the moment of own item {@code (j - positives) mod positives}.
   *
   * @param specification its dimension, and whether items have a bias
   * @param rows {@code items} item rows {@code [dimension]}, with the bias behind the embedding
   *     where items have one, then a history row {@code [dimension]} per own item, then those of
   *     features
   * @param items local items
   * @param positives own items
   * @param itemFeatures of local items; shaped as item rows
   * @param historyFeatures of own items; shaped as history rows
   * @param userFeatures of the user, owner 0; {@code [dimension]}
   */
  record TwoTower(
      ModelSpecification.TwoTower specification,
      float[][] rows,
      int items,
      int positives,
      FeatureSpan itemFeatures,
      FeatureSpan historyFeatures,
      FeatureSpan userFeatures,
      TrainingSettings settings,
      int stepExamplesMax)
      implements LocalModel {}

  /**
   * Neural collaborative filtering. Examples as in {@link TwoTower}.
   *
   * @param specification its dimension and tower, and whether items have a bias
   * @param rows {@code items} item rows as in {@link TwoTower}, then the tower's as in {@link
   *     Tabular}, then those of features
   * @param items local items
   * @param positives own items
   * @param itemFeatures as in {@link TwoTower}
   * @param userFeatures as in {@link TwoTower}
   * @param user the private vector {@code [dimension]}; it moves like the rows, but {@link
   *     TrainingSettings#proximal} does not pull at it
   */
  record NeuralCf(
      ModelSpecification.NeuralCf specification,
      float[][] rows,
      int items,
      int positives,
      FeatureSpan itemFeatures,
      FeatureSpan userFeatures,
      float[] user,
      TrainingSettings settings,
      int stepExamplesMax)
      implements LocalModel {}
}
