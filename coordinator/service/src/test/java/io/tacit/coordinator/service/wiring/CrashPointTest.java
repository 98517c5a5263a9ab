package io.tacit.coordinator.service.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashPointTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OPEN",
        "OPEN:",
        ":1",
        "OPEN:0",
        "OPEN:-1",
        "OPEN:x",
        "open:1",
        "OPENED:1",
        "session.SUMMED:1",
        "SUMMED@AFTER_COMMIT:1",
        "session.SUMMED@LATER:1",
        "record.COMPLETED@AFTER_COMMIT:1"
      })
  void refuses_what_would_never_halt_and_says_the_form(String setting) {
    assertThatThrownBy(() -> CrashPoint.of(setting))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tacit.halt-after is "
                + setting
                + ", must be STATE:N with a state of OPEN, COLLECTING, COMPLETED, ABANDONED and N"
                + " from 1 to 999999, such as COLLECTING:2, or SUBJECT@MOMENT:N with a subject of"
                + " round.STATE, session.STATE or record.STAGE and a moment of BEFORE_COMMIT,"
                + " AFTER_COMMIT, MID_SEND, AFTER_SEND, such as"
                + " session.SHARES_FROZEN@AFTER_COMMIT:1");
  }

  @Test
  void takes_every_state() {
    for (String state : new String[] {"OPEN", "COLLECTING", "COMPLETED", "ABANDONED"}) {
      assertThat(CrashPoint.of(state + ":12")).isNotNull();
      assertThat(CrashPoint.of("round." + state + "@BEFORE_COMMIT:1")).isNotNull();
    }
    for (String state :
        new String[] {
          "COLLECTING",
          "ROSTER_FROZEN",
          "SHARES_FROZEN",
          "INPUTS_FROZEN",
          "UNMASKING",
          "SUMMED",
          "ABORTED"
        }) {
      assertThat(CrashPoint.of("session." + state + "@MID_SEND:1")).isNotNull();
    }
    for (String stage :
        new String[] {"ADVERTISE", "SHARE_KEYS", "INPUT", "CONSISTENCY", "UNMASK"}) {
      assertThat(CrashPoint.of("record." + stage + "@AFTER_COMMIT:1")).isNotNull();
    }
  }
}
