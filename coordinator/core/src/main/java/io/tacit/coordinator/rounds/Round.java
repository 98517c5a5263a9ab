package io.tacit.coordinator.rounds;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of a round.
 *
 * @param id plan and number
 * @param session the aggregation session of the round
 * @param planVersion version of the plan that it runs
 * @param planHash content hash of that plan
 * @param baseVersion model version that devices start from
 * @param baseModel its content hash
 * @param state where it is
 * @param revision raised by each transition; the guard of compare-and-set
 * @param assigned devices that were given work
 * @param bytesUp bytes of acknowledged updates
 * @param openedAt when it opened
 * @param deadline when its present stage ends; null while no device has been assigned
 * @param closedAt when it ended, or null
 */
public record Round(
    RoundId id,
    SessionId session,
    int planVersion,
    ContentHash planHash,
    int baseVersion,
    ContentHash baseModel,
    RoundState state,
    int revision,
    int assigned,
    long bytesUp,
    Instant openedAt,
    @Nullable Instant deadline,
    @Nullable Instant closedAt) {

  /** The same round one transition later. */
  Round moveTo(
      RoundState next,
      int assignedNow,
      long bytesUpNow,
      @Nullable Instant nextDeadline,
      @Nullable Instant closed) {
    return new Round(
        id,
        session,
        planVersion,
        planHash,
        baseVersion,
        baseModel,
        next,
        revision + 1,
        assignedNow,
        bytesUpNow,
        openedAt,
        nextDeadline,
        closed);
  }

  /** The same with more time for its present stage. */
  Round withDeadline(Instant later) {
    return new Round(
        id,
        session,
        planVersion,
        planHash,
        baseVersion,
        baseModel,
        state,
        revision,
        assigned,
        bytesUp,
        openedAt,
        later,
        closedAt);
  }
}
