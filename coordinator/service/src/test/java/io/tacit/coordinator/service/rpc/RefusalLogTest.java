package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.service.LogLines;
import io.tacit.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

  @Test
  void a_flood_is_one_line_a_second_and_code_with_its_number() {
    SettableClock clock = SettableClock.create();
    RefusalLog log = new RefusalLog(clock);
    try (LogLines lines = LogLines.capture()) {
      for (int i = 0; i < 1_000; i++) {
        log.refused("TOKEN_MISSING", "Poll refused");
      }
      log.refused("TOKEN_EXPIRED", "Poll refused");
      clock.advance(Duration.ofSeconds(1));
      log.refused("TOKEN_MISSING", "Current refused");

      assertThat(lines.written())
          .containsExactly(
              "TOKEN_MISSING: Poll refused",
              "TOKEN_EXPIRED: Poll refused",
              "TOKEN_MISSING: Current refused, the last of 1000 since the line before");
    }
  }
}
