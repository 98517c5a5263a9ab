package io.tacit.coordinator.service.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.tacit.coordinator.rounds.Round;
import io.tacit.coordinator.rounds.RoundListener;
import io.tacit.coordinator.rounds.RoundState;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;

/**
 * Counts transitions, contributions, dropouts and bytes for Prometheus; the plan is the only label.
 */
@Singleton
class RoundMetrics implements RoundListener {

  private final MeterRegistry registry;

  RoundMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void onTransition(Session session) {
    String plan = session.round().plan().value();
    registry
        .counter(
            "tacit.session.transitions",
            "plan",
            plan,
            "state",
            session.state().word().toLowerCase(Locale.ROOT))
        .increment();
    if (session.state() instanceof SessionState.Summed summed) {
      registry
          .counter("tacit.session.dropouts", "plan", plan)
          .increment(summed.rosterSize() - summed.contributors());
    }
  }

  @Override
  public void onTransition(Round round) {
    String plan = round.id().plan().value();
    registry
        .counter(
            "tacit.round.transitions",
            "plan",
            plan,
            "state",
            round.state().word().toLowerCase(Locale.ROOT))
        .increment();
    if (round.state() instanceof RoundState.Completed completed && round.closedAt() != null) {
      registry
          .counter("tacit.round.contributions", "plan", plan)
          .increment(completed.contributors());
      registry.counter("tacit.round.upload.bytes", "plan", plan).increment(round.bytesUp());
      registry
          .timer("tacit.round.duration", "plan", plan)
          .record(Duration.between(round.openedAt(), round.closedAt()));
    }
  }
}
