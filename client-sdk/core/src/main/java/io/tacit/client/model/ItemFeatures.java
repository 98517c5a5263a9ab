package io.tacit.client.model;

/** What is known of items beside their ids, as numbers. */
@FunctionalInterface
public interface ItemFeatures {

  /** Nothing is known. */
  ItemFeatures NONE = item -> SparseVector.ZERO;

  /**
   * The encoded features of an item.
   *
   * @param item row of the model, from 0; of one behind the catalogue nothing is known
   */
  SparseVector of(int item);
}
