package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.masking.SessionTranscript;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A session of a round: one shard of its cohort, as of its last transition.
 *
 * @param shard its number, from 1
 * @param session its id
 * @param state OPEN, COLLECTING (mode PLAIN), ROSTER_FROZEN, SHARES_FROZEN, INPUTS_FROZEN,
 *     UNMASKING, SUMMED or ABORTED
 * @param suite 0 in mode PLAIN, 1 for X25519, 2 for X25519 and ML-KEM-768
 * @param size devices on the frozen roster, 0 before
 * @param threshold how many of them it takes to unmask the sum; 0 in mode PLAIN
 * @param shared devices that had shared their keys, when the session is summed
 * @param contributors devices whose update is in the sum
 * @param reason why it was aborted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Session")
record SessionView(
    int shard,
    String session,
    String state,
    int suite,
    int size,
    int threshold,
    int shared,
    int contributors,
    @Nullable String reason) {

  static SessionView of(Session session) {
    SessionState state = session.state();
    SessionState.Summed summed = state instanceof SessionState.Summed s ? s : null;
    return new SessionView(
        session.number(),
        session.id().toHex(),
        state.word(),
        session.suite().number(),
        state.rosterSize(),
        session.suite().isSecure() && state.rosterSize() > 0
            ? SessionTranscript.threshold(state.rosterSize())
            : 0,
        summed == null ? 0 : summed.shared(),
        summed == null ? 0 : summed.contributors(),
        state instanceof SessionState.Aborted aborted ? aborted.reason() : null);
  }
}
