package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.rounds.ComeBack;
import io.tacit.coordinator.rounds.Refusal;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words of the wire are those of the rounds. */
class RepliesTest {

  @ParameterizedTest
  @EnumSource
  void every_refusal_has_its_own_word(Refusal.Reason reason) {
    assertThat(Replies.submit(new Refusal(reason, "why")).getRefused().getReason().name())
        .isEqualTo("REFUSAL_REASON_" + reason);
    assertThat(Replies.upload(new Refusal(reason, "why")).getRefused().getDetail())
        .isEqualTo("why");
  }

  @ParameterizedTest
  @EnumSource
  void every_reason_to_come_back_has_its_own_word(ComeBack.Reason reason) {
    ComeBack comeBack = new ComeBack(Duration.ofSeconds(3), reason);

    assertThat(Replies.poll(comeBack).getComeBack().getReason().name())
        .isEqualTo("COME_BACK_REASON_" + reason);
    assertThat(Replies.checkIn(comeBack).getComeBack().getAfterMillis()).isEqualTo(3_000);
  }
}
