package io.tacit.coordinator.service.wiring;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down if rounds no longer move, which only a restart mends; an authority alone has none. */
@Liveness
@ApplicationScoped
class ConductorHealth implements HealthCheck {

  private final Premises premises;

  ConductorHealth(Premises premises) {
    this.premises = premises;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("Round conductor")
        .status(premises.coordinator().map(here -> here.conductor().isConducting()).orElse(true))
        .build();
  }
}
