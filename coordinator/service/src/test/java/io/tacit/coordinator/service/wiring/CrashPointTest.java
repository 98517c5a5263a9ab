package io.tacit.coordinator.service.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashPointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "OPEN", "OPEN:", ":1", "OPEN:0", "OPEN:-1", "OPEN:x", "open:1", "OPENED:1"})
  void refuses_what_would_never_halt_and_says_the_form(String setting) {
    assertThatThrownBy(() -> CrashPoint.of(setting))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tacit.halt-after is "
                + setting
                + ", must be STATE:N with a state of OPEN, COLLECTING, COMPLETED, ABANDONED and N"
                + " from 1 to 999999, such as COLLECTING:2");
  }

  @Test
  void takes_every_state() {
    for (String state : new String[] {"OPEN", "COLLECTING", "COMPLETED", "ABANDONED"}) {
      assertThat(CrashPoint.of(state + ":12")).isNotNull();
    }
  }
}
