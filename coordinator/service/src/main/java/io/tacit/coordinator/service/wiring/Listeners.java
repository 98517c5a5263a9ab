package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.sessions.Cut;
import io.tacit.coordinator.sessions.Session;
import java.util.List;

/**
 * Several listeners, one after the other.
 *
 * @param listeners in this order
 */
record Listeners(List<RoundListener> listeners) implements RoundListener {

  @Override
  public void onTransition(Round round) {
    listeners.forEach(listener -> listener.onTransition(round));
  }

  @Override
  public void onTransition(Session session) {
    listeners.forEach(listener -> listener.onTransition(session));
  }

  @Override
  public void onCut(Cut cut) {
    listeners.forEach(listener -> listener.onCut(cut));
  }
}
