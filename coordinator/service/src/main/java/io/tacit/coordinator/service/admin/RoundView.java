package io.tacit.coordinator.service.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.sessions.Session;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A round in the history of a plan, as of its last transition.
 *
 * @param plan of the round
 * @param round its number, from 1
 * @param state OPEN, COLLECTING, COMPLETED or ABANDONED
 * @param reason why it was abandoned
 * @param modelHash model that devices start from
 * @param newModelHash model that it made
 * @param rosterSize devices on the frozen roster, 0 before
 * @param contributors devices whose update is in the sum
 * @param assigned devices that were given work
 * @param meanLoss over the contributors; absent if they did not tell, as under noise
 * @param bytesUp bytes of acknowledged updates
 * @param openedAt when it opened
 * @param closedAt when it ended
 * @param recordHash SHA-256 of the round's record, an artifact; absent in mode PLAIN
 * @param sessions its shards
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Round")
record RoundView(
    String plan,
    long round,
    String state,
    @Nullable String reason,
    String modelHash,
    @Nullable String newModelHash,
    int rosterSize,
    int contributors,
    int assigned,
    @Nullable Double meanLoss,
    long bytesUp,
    Instant openedAt,
    @Nullable Instant closedAt,
    @Nullable String recordHash,
    List<SessionView> sessions) {

  static RoundView of(Round round, List<Session> sessions) {
    RoundState state = round.state();
    RoundState.Completed completed = state instanceof RoundState.Completed c ? c : null;
    return new RoundView(
        round.id().plan().value(),
        round.id().number(),
        state.word(),
        state instanceof RoundState.Abandoned abandoned ? abandoned.reason() : null,
        round.baseModel().toHex(),
        completed == null ? null : completed.newModel().toHex(),
        state.rosterSize(),
        completed == null ? 0 : completed.contributors(),
        round.assigned(),
        completed == null || Double.isNaN(completed.meanLoss()) ? null : completed.meanLoss(),
        round.bytesUp(),
        round.openedAt(),
        round.closedAt(),
        completed == null || completed.record() == null ? null : completed.record().toHex(),
        sessions.stream().map(SessionView::of).toList());
  }
}
