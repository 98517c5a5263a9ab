package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Internal;
import io.tacit.protocol.PlanId;

/**
 * Which model a device recommends with.
 *
 * @param plan that trained it
 * @param planVersion of that plan, from 1
 * @param planHash SHA-256 of the plan's bytes
 * @param modelVersion that the coordinator gave; 0 also if it was installed without one
 * @param modelHash SHA-256 of the model file
 */
@Internal
public record InstalledVersion(
    PlanId plan, int planVersion, ContentHash planHash, int modelVersion, ContentHash modelHash) {

  public InstalledVersion {
    if (modelVersion < 0) {
      throw new IllegalArgumentException(
          "model version is " + modelVersion + ", must be at least 0");
    }
  }
}
