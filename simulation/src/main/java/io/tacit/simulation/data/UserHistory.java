package io.tacit.simulation.data;

import java.util.List;

/**
 * What one user did, earliest first where the data set has times.
 *
 * @param externalId the user's name in the source
 * @param interactions in order; an item may occur more than once
 * @param attributes one per field of the data set's schema of users, in its order
 */
public record UserHistory(
    String externalId, List<Interaction> interactions, List<ItemAttribute> attributes) {

  public UserHistory {
    interactions = List.copyOf(interactions);
    attributes = List.copyOf(attributes);
  }

  /** A user of whom nothing else is known. */
  public UserHistory(String externalId, List<Interaction> interactions) {
    this(externalId, interactions, List.of());
  }
}
