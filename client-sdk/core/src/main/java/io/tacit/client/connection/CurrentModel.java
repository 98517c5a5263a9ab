package io.tacit.client.connection;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.Release;
import java.util.Optional;

/**
 * The model that a population recommends with by one plan, as the coordinator says.
 *
 * @param plan whose model
 * @param planVersion as announced, from 1; the plan itself must say the same
 * @param planHash SHA-256 of the plan's bytes
 * @param modelVersion 0 for the initial parameters, which nothing was trained into, then rising
 * @param modelHash SHA-256 of the model file
 * @param release with which the plan's owner released this model, not verified; empty if nothing
 *     was
 */
public record CurrentModel(
    PlanId plan,
    int planVersion,
    ContentHash planHash,
    int modelVersion,
    ContentHash modelHash,
    Optional<Release> release) {

  public CurrentModel {
    if (planVersion < 1) {
      throw new IllegalArgumentException("plan version is " + planVersion + ", must be at least 1");
    }
    if (modelVersion < 0) {
      throw new IllegalArgumentException(
          "model version is " + modelVersion + ", must be at least 0");
    }
    if (release.isPresent() && !release.get().isOf(plan, modelVersion, modelHash)) {
      throw new IllegalArgumentException(
          release.get() + " comes with version " + modelVersion + " of the model of plan " + plan);
    }
  }
}
