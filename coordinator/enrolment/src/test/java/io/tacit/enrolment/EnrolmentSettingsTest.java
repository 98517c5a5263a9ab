package io.tacit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnrolmentSettingsTest {

  private final IdentityKey key = IdentityKeyPair.generate(new SecureRandom()).publicKey();

  @Test
  void names_what_is_out_of_range() {
    assertThatThrownBy(() -> EnrolmentSettings.defaults(Set.of(), List.of(key)))
        .hasMessage("number of populations is 0, must be 1 to 64");
    assertThatThrownBy(() -> EnrolmentSettings.defaults(Set.of("shop"), List.of()))
        .hasMessage("number of tokenKeys is 0, must be 1 to 4");
    assertThatThrownBy(() -> EnrolmentSettings.defaults(Set.of("a shop"), List.of(key)))
        .hasMessageStartingWith("population is \"a shop\", must be");
    assertThatThrownBy(() -> settings(Duration.ofDays(399), Duration.ofDays(30)))
        .hasMessage("certificateLifetime is PT9576H, must be PT1H to PT9552H");
    assertThatThrownBy(() -> settings(Duration.ofDays(90), Duration.ofDays(90)))
        .hasMessage(
            "renewalWindow is PT2160H, must be more than PT0S and less than the lifetime PT2160H");
    assertThatThrownBy(() -> new IssuanceLimit(0, Duration.ofHours(1)))
        .hasMessage("certificatesMax is 0, must be 1 to 1000000");
    assertThatThrownBy(() -> new IssuanceLimit(1, Duration.ofMillis(999)))
        .hasMessage("window is PT0.999S, must be PT1S to PT8784H");
    assertThatThrownBy(() -> new SerialNumber("0".repeat(40)))
        .hasMessage(
            "serial number has 40 characters, must be 40 lower-case hex digits of which the first"
                + " is 4 to 7");
  }

  @Test
  void windows_follow_each_other() {
    IssuanceLimit limit = new IssuanceLimit(1, Duration.ofSeconds(10));

    assertThat(limit.windowStart(Instant.ofEpochSecond(19))).isEqualTo(Instant.ofEpochSecond(10));
    assertThat(limit.windowStart(Instant.ofEpochSecond(20))).isEqualTo(Instant.ofEpochSecond(20));
    assertThat(limit.windowStart(Instant.ofEpochSecond(-1))).isEqualTo(Instant.ofEpochSecond(-10));
    assertThat(limit.untilNext(Instant.ofEpochSecond(19))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void counts_no_more_addresses_than_it_has_room_for() {
    AddressCounter counter = new AddressCounter(new IssuanceLimit(2, Duration.ofHours(1)), 1);
    Instant now = Instant.EPOCH;

    assertThat(counter.tryCount(TestDevice.address("192.0.2.1"), now)).isTrue();
    assertThat(counter.tryCount(TestDevice.address("192.0.2.2"), now)).isFalse();
    assertThat(counter.tryCount(TestDevice.address("192.0.2.1"), now)).isTrue();
    assertThat(counter.tryCount(TestDevice.address("192.0.2.1"), now)).isFalse();
    Instant next = now.plus(Duration.ofHours(1));
    assertThat(counter.tryCount(TestDevice.address("192.0.2.2"), next)).isTrue();
  }

  private EnrolmentSettings settings(Duration lifetime, Duration renewalWindow) {
    IssuanceLimit limit = new IssuanceLimit(1, Duration.ofHours(1));
    return new EnrolmentSettings(
        Set.of("shop"),
        List.of(key),
        lifetime,
        renewalWindow,
        limit,
        limit,
        1,
        AttestationLevel.NONE);
  }
}
