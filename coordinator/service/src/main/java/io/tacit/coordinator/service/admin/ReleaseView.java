package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.release.ReleasedModel;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Release;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A release of a plan's model. A device follows the one with the highest number whose share has it,
 * and none before the last one for all.
 *
 * @param plan whose model
 * @param number 1, 2, 3, ...
 * @param modelVersion that devices recommend with under it
 * @param modelHash of that version's file
 * @param share of the plan's devices that it is for, above 0 to 1
 * @param inForce whether any device follows it
 * @param signedBy id of the task key that its owner signed with
 * @param releasedAt when
 */
@Schema(name = "Release")
record ReleaseView(
    String plan,
    int number,
    int modelVersion,
    String modelHash,
    double share,
    boolean inForce,
    String signedBy,
    Instant releasedAt) {

  static ReleaseView of(ReleasedModel released, boolean inForce) {
    Release release = released.release();
    return new ReleaseView(
        release.plan().value(),
        release.number(),
        release.modelVersion(),
        release.modelHash().toHex(),
        release.share().fraction(),
        inForce,
        release.signer().map(ContentHash::toHex).orElseThrow(),
        released.releasedAt());
  }
}
