package io.tacit.client.recommend;

import io.tacit.client.model.UserVector;
import io.tacit.protocol.ContentHash;

/**
 * A person as one model version sees them: the vector to score with and the items that it comes
 * from. Never leaves the device. Immutable.
 *
 * @param modelHash SHA-256 of the model's file
 * @param user the vector
 * @param rows own items of the history, then of the context; not a copy
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

  /** Prints nothing of the person. */
  @Override
  public String toString() {
    return "PersonalView[" + rows.length + "]";
  }
}
