package io.tacit.client.training;

import io.tacit.client.model.SparseVector;

/**
 * Rows of features, one behind the other among a model's rows, and who has which of them. Arrays
 * are not copied, as in {@link LocalModel}.
 *
 * @param firstRow of the rows
 * @param rows how many there are; 0 if the model has no such features
 * @param byOwner for each owner (a local item, or the one user) the features with their weights, by
 *     their number from the first row on
 */
public record FeatureSpan(int firstRow, int rows, SparseVector[] byOwner) {

  /** Nobody has features. */
  static final FeatureSpan NONE = new FeatureSpan(0, 0, new SparseVector[0]);
}
