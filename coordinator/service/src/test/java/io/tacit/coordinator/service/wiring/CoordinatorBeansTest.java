package io.tacit.coordinator.service.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.service.wiring.CoordinatorConfiguration.Role;
import io.tacit.coordinator.sessions.DeviceTrust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong settings and a directory in use end the start with a sentence that says what to do. */
class CoordinatorBeansTest {

  @TempDir Path directory;

  private Duration comeBackMin = Duration.ofSeconds(1);
  private int awaitCallsMax = 100;
  private int streamsMax = 1;
  private Duration streamIdle = Duration.ofSeconds(1);
  private long checkpointBytes = 1;
  private Duration restartGrace = Duration.ZERO;
  private Optional<String> haltAfter = Optional.empty();
  private Role role = Role.COORDINATOR;

  @Test
  void refuses_settings_out_of_range_before_it_touches_the_directory() {
    comeBackMin = Duration.ofMillis(5);
    assertRefused("come-back-min is PT0.005S, must be PT0.01S to PT1H");
    comeBackMin = Duration.ofSeconds(1);
    awaitCallsMax = 0;
    assertRefused("await-calls-max is 0, must be 1 to 1000000");
    awaitCallsMax = 1;
    restartGrace = Duration.ofHours(2);
    assertRefused("restart-grace is PT2H, must be PT0S to PT1H");
    restartGrace = Duration.ZERO;
    checkpointBytes = 0;
    assertRefused("checkpoint-bytes is 0, must be at least 1");
    checkpointBytes = 1;
    haltAfter = Optional.of("never");
    assertThatThrownBy(this::start).hasMessageStartingWith("tacit.halt-after is never, must be ");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  @Test
  void refuses_limits_of_streams_out_of_range() {
    streamsMax = 0;
    assertThatThrownBy(() -> new CoordinatorBeans(new Settings()).streamLimits())
        .hasMessage("streams-max is 0, must be 1 to 100000");
    streamsMax = 1;
    streamIdle = Duration.ofMillis(10);
    assertThatThrownBy(() -> new CoordinatorBeans(new Settings()).streamLimits())
        .hasMessage("stream-idle is PT0.01S, must be PT1S to PT1H");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refuses_a_directory_that_another_coordinator_uses() {
    try (Coordinator first = start()) {
      assertThatThrownBy(this::start)
          .hasMessage(
              "Cannot use data directory "
                  + directory.resolve("data")
                  + ": another coordinator or authority is running on it; stop that one, or choose"
                  + " another one with tacit.data-directory");
      assertThat(first.plans().list()).isEmpty();
    }
    assertThat(Files.exists(directory.resolve("data/ticket.key"))).isTrue();
  }

  private Coordinator start() {
    return premises().coordinator().orElseThrow();
  }

  private Premises premises() {
    return new CoordinatorBeans(new Settings())
        .premises(
            Clock.systemUTC(), new RoundMetrics(new SimpleMeterRegistry()), DeviceTrust.ANYONE);
  }

  @Test
  void an_authority_alone_opens_an_audit_log_and_nothing_of_a_coordinator() throws Exception {
    role = Role.AUTHORITY;

    try (Premises premises = premises()) {
      assertThat(premises.coordinator()).isEmpty();
      assertThat(premises.audit().list(0, 1)).isEmpty();
      try (Stream<Path> files = Files.list(directory.resolve("data"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("audit.mv.db", "lock");
      }
      assertThatThrownBy(this::premises)
          .hasMessageContaining("another coordinator or authority is running on it");
    }
    premises().close();
  }

  private final class Settings implements CoordinatorConfiguration {

    @Override
    public Role role() {
      return role;
    }

    @Override
    public Path dataDirectory() {
      return directory.resolve("data");
    }

    @Override
    public Optional<Devices> devices() {
      throw new AssertionError("storage has nothing to do with devices");
    }

    @Override
    public Grpc grpc() {
      throw new AssertionError("storage has nothing to do with gRPC");
    }

    @Override
    public Http http() {
      throw new AssertionError("storage has nothing to do with HTTP");
    }

    @Override
    public Tls tls() {
      throw new AssertionError("storage has nothing to do with TLS");
    }

    @Override
    public Duration comeBackMin() {
      return comeBackMin;
    }

    @Override
    public int awaitCallsMax() {
      return awaitCallsMax;
    }

    @Override
    public int streamsMax() {
      return streamsMax;
    }

    @Override
    public Duration streamIdle() {
      return streamIdle;
    }

    @Override
    public Duration restartGrace() {
      return restartGrace;
    }

    @Override
    public long checkpointBytes() {
      return checkpointBytes;
    }

    @Override
    public Optional<Path> taskKeys() {
      return Optional.empty();
    }

    @Override
    public Optional<String> haltAfter() {
      return haltAfter;
    }
  }
}
