package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.ConnectionException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PacingTest {

  private final FakeTimer timer = new FakeTimer();
  private double jitter;
  private final Pacing pacing = new Pacing(timer, () -> jitter);
  private int tries;

  private String fail(Reason reason, @Nullable Duration retryAfter) throws ConnectionException {
    tries++;
    throw new ConnectionException(reason, "try " + tries, retryAfter, null);
  }

  private static List<Duration> seconds(long... seconds) {
    return LongStream.of(seconds).mapToObj(Duration::ofSeconds).collect(Collectors.toList());
  }

  @Test
  void waits_one_second_to_twenty_until_the_deadline_and_gives_the_last_failure() {
    assertThatThrownBy(
            () ->
                pacing.call(
                    pacing.within(Duration.ofSeconds(75)), () -> fail(Reason.UNAVAILABLE, null)))
        .isInstanceOf(ConnectionException.class)
        .hasMessage("try 8");
    assertThat(timer.sleeps()).isEqualTo(seconds(1, 2, 4, 8, 16, 20, 20));
  }

  @Test
  void leaves_out_a_random_part_of_up_to_a_half() {
    jitter = 0.5;
    assertThatThrownBy(
            () ->
                pacing.call(
                    pacing.within(Duration.ofSeconds(3)), () -> fail(Reason.DEADLINE, null)))
        .isInstanceOf(ConnectionException.class);
    assertThat(timer.sleeps()).containsExactly(Duration.ofMillis(750), Duration.ofMillis(1500));
  }

  @Test
  void waits_as_long_as_it_is_asked_to_and_a_jitter() {
    jitter = 0.5;
    assertThatThrownBy(
            () ->
                pacing.call(
                    pacing.within(Duration.ofSeconds(15)),
                    () -> fail(Reason.TOO_BUSY, Duration.ofSeconds(8))))
        .isInstanceOf(ConnectionException.class);
    assertThat(timer.sleeps()).containsExactly(Duration.ofSeconds(10));
  }

  @Test
  void does_not_repeat_what_no_repetition_mends() {
    for (Reason reason :
        List.of(
            Reason.REJECTED,
            Reason.PROTOCOL_MISMATCH,
            Reason.MALFORMED_ANSWER,
            Reason.WRONG_HASH,
            Reason.TOO_LARGE,
            Reason.INTERRUPTED)) {
      assertThatThrownBy(
              () -> pacing.call(pacing.within(Duration.ofHours(1)), () -> fail(reason, null)))
          .isInstanceOf(ConnectionException.class);
    }
    assertThat(timer.sleeps()).isEmpty();
    assertThat(tries).isEqualTo(6);
  }

  @Test
  void gives_up_on_a_bug_of_the_coordinator_after_a_few_tries() {
    assertThatThrownBy(
            () ->
                pacing.call(
                    pacing.within(Duration.ofHours(1)), () -> fail(Reason.SERVER_BUG, null)))
        .hasMessage("try " + Pacing.SERVER_BUG_TRIES);
  }

  @Test
  void an_interrupt_ends_the_wait_and_stays_set() {
    timer.onSleep =
        number -> {
          throw new InterruptedException();
        };
    ConnectionException interrupted =
        catchThrowableOfType(
            ConnectionException.class,
            () ->
                pacing.call(
                    pacing.within(Duration.ofHours(1)), () -> fail(Reason.UNAVAILABLE, null)));
    assertThat(interrupted.reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(tries).isOne();
  }
}
