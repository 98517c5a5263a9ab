package io.tacit.coordinator.service.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tacit.coordinator.audit.AuditLog;
import io.tacit.coordinator.database.Database;
import io.tacit.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedAuthenticationsTest {

  @Test
  void a_flood_of_refused_tokens_is_one_line_a_minute_with_their_number() {
    SettableClock clock = SettableClock.create();
    try (Database database = Database.inMemory()) {
      AuditLog audit = new AuditLog(database, clock);
      FailedAuthentications failures =
          new FailedAuthentications(audit, clock, new SimpleMeterRegistry());
      for (int i = 0; i < 1_000; i++) {
        failures.onFailure("10.0.0." + i % 250);
      }
      clock.advance(Duration.ofMinutes(1));
      failures.onFailure("10.1.1.1");

      assertThat(audit.list(0, 10))
          .extracting(entry -> entry.event().remoteAddress() + " " + entry.event().target())
          .containsExactly(
              "10.0.0.0 1 requests since the last such line, this address the latest",
              "10.1.1.1 1000 requests since the last such line, this address the latest");
    }
  }
}
