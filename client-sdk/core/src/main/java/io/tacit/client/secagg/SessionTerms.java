package io.tacit.client.secagg;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.plan.ShardSettings;

/**
 * What a device knows of a session before it joins: what it signs for, and what it asks for.
 *
 * @param session its id
 * @param suite the plan's, with masks
 * @param round of which plan
 * @param planHash SHA-256 of the plan's bytes
 * @param modelHash SHA-256 of the model file that the update was trained from
 * @param minimum devices on the roster at the least, {@link ShardSettings#MINIMUM_FLOOR} or more
 * @param maximum devices on the roster at the most, {@link ShardSettings#SIZE_MAX} or fewer
 * @param survivors the plan's: how many of the roster must be in its sum
 */
public record SessionTerms(
    SessionId session,
    Suite suite,
    RoundId round,
    ContentHash planHash,
    ContentHash modelHash,
    int minimum,
    int maximum,
    SurvivorFloor survivors) {

  public SessionTerms {
    if (!suite.isSecure()) {
      throw new IllegalArgumentException("suite is " + suite + ", must be one with masks");
    }
    // INVARIANT: no plan, app or coordinator gets below the floor or above the ceiling.
    minimum = Math.max(minimum, ShardSettings.MINIMUM_FLOOR);
    maximum = Math.min(maximum, ShardSettings.SIZE_MAX);
  }

  /** ctx0, 32 bytes: what every signature of the session covers. */
  public byte[] context() {
    return Transcript.sessionContext(suite.number(), session, planHash, modelHash, round.number());
  }
}
