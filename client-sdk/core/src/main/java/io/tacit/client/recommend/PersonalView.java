package io.tacit.client.recommend;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.ContentHash;

/**
 * A person as one model version sees them: the vector to score with and the items that it comes
 * from. Never leaves the device. Immutable.
 *
 * @param modelHash SHA-256 of the model's file
 * @param user the vector
 * @param rows items that stand for interests, then own items of the history, then the item on
 *     screen: what is wanted at any time comes before what was wanted then and now. Not a copy
 * @param history of events
 * @param context of the request
 * @param isTrained whether the vector is one that training left
 */
record PersonalView(
    ContentHash modelHash,
    UserVector user,
    int[] rows,
    DeviceHistory history,
    ContextItems context,
    boolean isTrained) {

  /** Which of the rows is an item of the history. */
  int ofHistory(int index) {
    return context.ofInterests() + index;
  }

  /** Which of the rows is an item of the context. */
  int ofContext(int index) {
    return index < context.ofInterests() ? index : history.size() + index;
  }

  /** Prints nothing of the person. */
  @Override
  public String toString() {
    return "PersonalView[" + rows.length + "]";
  }
}
