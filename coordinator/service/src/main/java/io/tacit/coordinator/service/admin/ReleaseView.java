package io.tacit.coordinator.service.admin;

import io.tacit.coordinator.release.ReleasedModel;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Release;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A release of a plan's model. Of several, the one with the highest number is in force.
 *
 * @param plan whose model
 * @param number 1, 2, 3, ...
 * @param modelVersion that devices recommend with under it
 * @param modelHash of that version's file
 * @param signedBy id of the task key that its owner signed with
 * @param releasedAt when
 */
@Schema(name = "Release")
record ReleaseView(
    String plan,
    int number,
    int modelVersion,
    String modelHash,
    String signedBy,
    Instant releasedAt) {

  static ReleaseView of(ReleasedModel released) {
    Release release = released.release();
    return new ReleaseView(
        release.plan().value(),
        release.number(),
        release.modelVersion(),
        release.modelHash().toHex(),
        release.signer().map(ContentHash::toHex).orElseThrow(),
        released.releasedAt());
  }
}
