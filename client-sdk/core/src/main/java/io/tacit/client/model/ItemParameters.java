package io.tacit.client.model;

import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterLayout;

/**
 * The parameters of a model of items, by item. Rows stand one behind the other in one array, so
 * that a scan reads memory in order. Nobody writes to the array. Immutable.
 */
final class ItemParameters {

  private final float[] values;
  private final int items;
  private final int dimension;
  private final int embeddingOffset;

  /** Where item biases start, or -1. */
  private final int biasOffset;

  /** Where history embeddings start, or -1 for models with a private user vector. */
  private final int historyOffset;

  /** Where the embeddings of users' features start, or -1. */
  private final int userFeatureOffset;

  private final int userFeatures;

  /**
   * @param model without features of items: they are folded into the rows of items
   * @param values all parameters of the model, from now on never written to
   */
  ItemParameters(ModelSpecification.OfItems model, ParameterLayout layout, float[] values) {
    this.values = values;
    this.items = model.items();
    this.dimension = model.dimension();
    this.userFeatures = model.userFeatures();
    this.userFeatureOffset = offsetOf(layout, ModelSpecification.USER_FEATURE_EMBEDDING);
    this.embeddingOffset = layout.block(ModelSpecification.ITEM_EMBEDDING).offset();
    this.biasOffset = offsetOf(layout, ModelSpecification.ITEM_BIAS);
    this.historyOffset = offsetOf(layout, ModelSpecification.HISTORY_EMBEDDING);
  }

  private static int offsetOf(ParameterLayout layout, String block) {
    return layout.hasBlock(block) ? layout.block(block).offset() : -1;
  }

  /** All parameters, not a copy: for reading. */
  float[] values() {
    return values;
  }

  int items() {
    return items;
  }

  int dimension() {
    return dimension;
  }

  boolean hasBias() {
    return biasOffset >= 0;
  }

  /** Index of the first element of an item's embedding. */
  int embedding(int item) {
    return embeddingOffset + item * dimension;
  }

  /** Index of the first element of an item's history embedding. */
  int history(int item) {
    return historyOffset + item * dimension;
  }

  /** Adds a multiple of an item's history embedding to {@code float[dimension]}. */
  void addHistory(int item, float weight, float[] user) {
    int from = history(item);
    for (int j = 0; j < dimension; j++) {
      user[j] += weight * values[from + j];
    }
  }

  /**
   * Adds what a user's features say of the user to {@code float[dimension]}.
   *
   * @throws IllegalArgumentException if the model has no such feature
   */
  void addFeatures(SparseVector features, float[] user) {
    for (int i = 0; i < features.count(); i++) {
      if (features.place(i) >= userFeatures) {
        throw new IllegalArgumentException(
            "user feature "
                + features.place(i)
                + " is none of the model's "
                + userFeatures
                + "; encode features with the model's plan");
      }
      int from = userFeatureOffset + features.place(i) * dimension;
      for (int j = 0; j < dimension; j++) {
        user[j] += features.value(i) * values[from + j];
      }
    }
  }

  /** The bias of an item, 0 for models without. */
  float bias(int item) {
    return biasOffset < 0 ? 0 : values[biasOffset + item];
  }

  /** The inner product of a user with an item's embedding. */
  float dot(float[] user, int item) {
    return FloatKernels.dot(user, 0, values, embedding(item), dimension);
  }

  /** The inner products of a user with the embeddings of items that follow each other. */
  void dots(float[] user, int firstItem, int count, float[] products) {
    FloatKernels.dots(user, values, embedding(firstItem), dimension, count, products);
  }

  /** {@code product[j] = user[j] * embedding[j]}. */
  void multiply(float[] user, int item, float[] product) {
    int from = embedding(item);
    for (int j = 0; j < dimension; j++) {
      product[j] = user[j] * values[from + j];
    }
  }

  int requireItem(int item) {
    if (item < 0 || item >= items) {
      throw new IllegalArgumentException(
          "item " + item + " is no row of the model, rows are 0 to " + (items - 1));
    }
    return item;
  }
}
