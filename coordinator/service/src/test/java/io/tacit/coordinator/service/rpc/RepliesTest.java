package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.rounds.ComeBack;
import io.tacit.coordinator.sessions.Refusal;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reason has its word in the contract. */
class RepliesTest {

  @ParameterizedTest
  @EnumSource
  void a_refusal_keeps_its_reason(Refusal.Reason reason) {
    assertThat(Replies.submit(new Refusal(reason, "why")).getRefused().getReason())
        .hasToString("REFUSAL_REASON_" + reason);
  }

  @ParameterizedTest
  @EnumSource
  void a_device_is_told_why_it_is_sent_away(ComeBack.Reason reason) {
    assertThat(Replies.poll(new ComeBack(Duration.ofSeconds(1), reason)).getComeBack().getReason())
        .hasToString("COME_BACK_REASON_" + reason);
  }
}
