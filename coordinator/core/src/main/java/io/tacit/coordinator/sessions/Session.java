package io.tacit.coordinator.sessions;

import io.tacit.protocol.RoundId;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Suite;
import java.security.SecureRandom;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of a session: one shard of a round.
 *
 * @param id 16 random bytes, never used again
 * @param round that it belongs to
 * @param number of the shard, from 1
 * @param suite how it hides updates
 * @param state where it is
 * @param revision raised by each transition; the guard of compare-and-set
 * @param openedAt when it opened
 * @param deadline when its present stage ends; null while it is open or over
 * @param closedAt when it ended, or null
 */
public record Session(
    SessionId id,
    RoundId round,
    int number,
    Suite suite,
    SessionState state,
    int revision,
    Instant openedAt,
    @Nullable Instant deadline,
    @Nullable Instant closedAt) {

  /** A session that opens now. */
  public static Session open(
      RoundId round, int number, Suite suite, SecureRandom random, Instant now) {
    return new Session(
        SessionId.random(random),
        round,
        number,
        suite,
        new SessionState.Open(),
        0,
        now,
        null,
        null);
  }

  /** The same session one transition later. */
  Session moveTo(SessionState next, @Nullable Instant nextDeadline, @Nullable Instant closed) {
    return new Session(
        id, round, number, suite, next, revision + 1, openedAt, nextDeadline, closed);
  }

  /** The same with more time for its present stage. */
  Session withDeadline(Instant later) {
    return new Session(id, round, number, suite, state, revision, openedAt, later, closedAt);
  }
}
