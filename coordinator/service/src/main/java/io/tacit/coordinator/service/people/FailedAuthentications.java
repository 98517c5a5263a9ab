package io.tacit.coordinator.service.people;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.security.spi.runtime.AuthenticationFailureEvent;
import io.tacit.coordinator.audit.AuditEvent;
import io.tacit.coordinator.audit.AuditLog;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Counts requests whose token was refused. Anybody can send such requests, so the audit log gets a
 * line for the first and then at most one a minute, with how many there were.
 */
@Singleton
class FailedAuthentications {

  /** Shortest time between two lines of the audit log. */
  private static final Duration LINE_EVERY = Duration.ofMinutes(1);

  private final AuditLog audit;
  private final Clock clock;
  private final MeterRegistry metrics;

  private long untold;
  private Instant nextLine = Instant.MIN;

  FailedAuthentications(AuditLog audit, Clock clock, MeterRegistry metrics) {
    this.audit = audit;
    this.clock = clock;
    this.metrics = metrics;
  }

  void onFailure(@ObservesAsync AuthenticationFailureEvent event) {
    metrics.counter("tacit.people.authentications.failed").increment();
    RoutingContext request =
        (RoutingContext) event.getEventProperties().get(RoutingContext.class.getName());
    onFailure(request == null ? "unknown" : request.request().remoteAddress().hostAddress());
  }

  /** Writes a line if one is due. */
  void onFailure(String remoteAddress) {
    long count = countToTell();
    if (count > 0) {
      audit.append(
          new AuditEvent(
              "unknown",
              "refused token",
              remoteAddress,
              "authenticate",
              count + " requests since the last such line, this address the latest",
              "401 Unauthorized"));
    }
  }

  /** Failures that no line tells of, once a line is due; else 0. */
  private synchronized long countToTell() {
    untold++;
    Instant now = clock.instant();
    if (now.isBefore(nextLine)) {
      return 0;
    }
    nextLine = now.plus(LINE_EVERY);
    long count = untold;
    untold = 0;
    return count;
  }
}
