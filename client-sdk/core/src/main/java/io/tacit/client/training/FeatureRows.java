package io.tacit.client.training;

import io.tacit.client.model.FloatKernels;
import io.tacit.client.model.SparseVector;
import java.util.Arrays;

/**
 * Rows of features while they learn. An owner counts as its own row plus the weighted rows of its
 * features, so what moves the sum moves each of them by its weight. Many owners of a step share a
 * feature: gradients are added up, and rows move at the end of the step.
 */
final class FeatureRows {

  private final FeatureSpan span;
  private final float[][] rows;
  private final Optimiser optimiser;
  private final float[][] gradients;
  private final boolean[] touched;

  /**
   * @param rows of the model, among them those of the span
   * @param optimiser of the model's rows
   */
  FeatureRows(FeatureSpan span, float[][] rows, Optimiser optimiser) {
    this.span = span;
    this.rows = rows;
    this.optimiser = optimiser;
    this.gradients = new float[span.rows()][];
    for (int feature = 0; feature < gradients.length; feature++) {
      gradients[feature] = new float[rows[span.firstRow() + feature].length];
    }
    this.touched = new boolean[span.rows()];
  }

  /** Whether no owner has any. */
  boolean isEmpty() {
    return gradients.length == 0;
  }

  /** Adds the features of an owner to its row, or to a sum of such. */
  void addTo(float[] row, int owner) {
    if (isEmpty()) {
      return;
    }
    SparseVector features = span.byOwner()[owner];
    for (int i = 0; i < features.count(); i++) {
      float[] feature = rows[span.firstRow() + features.place(i)];
      FloatKernels.addScaled(row, feature.length, feature, features.value(i));
    }
  }

  /** Learns that the row of an owner has this gradient in this step. */
  void learn(int owner, float[] gradient) {
    if (isEmpty()) {
      return;
    }
    SparseVector features = span.byOwner()[owner];
    for (int i = 0; i < features.count(); i++) {
      float[] sum = gradients[features.place(i)];
      FloatKernels.addScaled(sum, sum.length, gradient, features.value(i));
      touched[features.place(i)] = true;
    }
  }

  /** Moves the rows by what was learnt, and forgets it. */
  void endStep() {
    for (int feature = 0; feature < gradients.length; feature++) {
      if (touched[feature] || optimiser.movesUntouched()) {
        optimiser.move(span.firstRow() + feature, gradients[feature]);
        Arrays.fill(gradients[feature], 0);
        touched[feature] = false;
      }
    }
  }
}
