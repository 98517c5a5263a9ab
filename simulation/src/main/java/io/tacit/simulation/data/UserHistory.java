package io.tacit.simulation.data;

import java.util.List;

/**
 * What one user did, earliest first where the data set has times.
 *
 * @param externalId the user's name in the source
 * @param interactions in order; an item may occur more than once
 */
public record UserHistory(String externalId, List<Interaction> interactions) {

  public UserHistory {
    interactions = List.copyOf(interactions);
  }
}
