package io.tacit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SettableClockTest {

  private static final Instant START = Instant.parse("2026-03-29T00:59:59Z");

  private final SettableClock clock = SettableClock.at(START);

  @Test
  void stands_still_until_it_is_moved() {
    assertThat(clock.instant()).isEqualTo(START);
    assertThat(clock.advance(Duration.ofSeconds(2))).isEqualTo(START.plusSeconds(2));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(2));
    clock.set(START.minusSeconds(5));
    assertThat(clock.millis()).isEqualTo(START.minusSeconds(5).toEpochMilli());
  }

  @Test
  void shows_the_same_time_in_every_zone() {
    Clock berlin = clock.withZone(ZoneId.of("Europe/Berlin"));
    clock.advance(Duration.ofDays(1));

    assertThat(berlin.instant()).isEqualTo(START.plus(Duration.ofDays(1)));
    assertThat(berlin.getZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
  }

  @Test
  void loses_no_move_of_many_threads() {
    IntStream.range(0, 10_000).parallel().forEach(i -> clock.advance(Duration.ofMillis(1)));

    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10));
  }
}
