package io.tacit.coordinator.rounds;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of a round. Its sessions have records of their own.
 *
 * @param id plan and number
 * @param planVersion version of the plan that it runs
 * @param planHash content hash of that plan
 * @param baseVersion model version that devices start from
 * @param baseModel its content hash
 * @param state where it is
 * @param revision raised by each transition; the guard of compare-and-set
 * @param assigned devices that were given work
 * @param bytesUp bytes of acknowledged updates
 * @param openedAt when it opened
 * @param closedAt when it ended, or null
 */
public record Round(
    RoundId id,
    int planVersion,
    ContentHash planHash,
    int baseVersion,
    ContentHash baseModel,
    RoundState state,
    int revision,
    int assigned,
    long bytesUp,
    Instant openedAt,
    @Nullable Instant closedAt) {

  /** The same round one transition later. */
  Round moveTo(RoundState next, int assignedNow, long bytesUpNow, @Nullable Instant closed) {
    return new Round(
        id,
        planVersion,
        planHash,
        baseVersion,
        baseModel,
        next,
        revision + 1,
        assignedNow,
        bytesUpNow,
        openedAt,
        closed);
  }
}
