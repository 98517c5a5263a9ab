package io.tacit.coordinator.rounds;

import io.tacit.coordinator.sessions.Endings;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionProgress;
import io.tacit.coordinator.sessions.SessionState;
import java.util.Optional;

/** What the end of a round means for the devices of its sessions. Thread-safe. */
final class RoundEndings implements Endings {

  private final RoundStore store;

  RoundEndings(RoundStore store) {
    this.store = store;
  }

  @Override
  public Optional<SessionProgress> of(Session session) {
    return session.state() instanceof SessionState.Aborted aborted
        ? Optional.of(SessionProgress.aborted(aborted.rosterSize(), aborted.reason()))
        : store.find(session.round()).flatMap(round -> ending(round, session));
  }

  /** Empty if the round is still going on. */
  static Optional<SessionProgress> ending(Round round, Session session) {
    int rosterSize = session.state().rosterSize();
    if (session.state() instanceof SessionState.Aborted aborted) {
      return Optional.of(SessionProgress.aborted(rosterSize, aborted.reason()));
    }
    if (round.state() instanceof RoundState.Abandoned abandoned) {
      return Optional.of(SessionProgress.aborted(rosterSize, abandoned.reason()));
    }
    return round.state() instanceof RoundState.Completed completed
            && session.state() instanceof SessionState.Summed summed
        ? Optional.of(
            SessionProgress.completed(
                rosterSize, summed.contributors(), completed.newModel(), completed.record()))
        : Optional.empty();
  }
}
