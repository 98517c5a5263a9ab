package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.Coordinator;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down if rounds no longer move, which only a restart mends. */
@Liveness
@ApplicationScoped
class ConductorHealth implements HealthCheck {

  private final Coordinator coordinator;

  ConductorHealth(Coordinator coordinator) {
    this.coordinator = coordinator;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("Round conductor")
        .status(coordinator.conductor().isConducting())
        .build();
  }
}
