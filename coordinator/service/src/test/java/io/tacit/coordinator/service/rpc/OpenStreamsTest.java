package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {

  private final List<String> ended = new ArrayList<>();
  private long nanos;
  private final OpenStreams streams =
      new OpenStreams(new StreamLimits(2, Duration.ofSeconds(10)), () -> nanos);

  @Test
  void turns_away_more_than_it_may_hold_until_one_has_left() {
    OpenStreams.Stream first = enter("first");
    enter("second");

    assertThatThrownBy(() -> enter("third"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            busy ->
                assertThat(busy.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
        .hasMessageContaining("there are 2 uploads and downloads going on; come back");

    first.leave();
    first.leave();
    enter("third");
    assertThatThrownBy(() -> enter("fourth")).isInstanceOf(StatusRuntimeException.class);
    assertThat(streams.size()).isEqualTo(2);
  }

  @Test
  void ends_those_that_stand_still_and_only_those() {
    OpenStreams.Stream moving = enter("moving");
    enter("still");

    nanos = Duration.ofSeconds(10).toNanos();
    moving.moved(1024);
    streams.endIdle();
    assertThat(ended).isEmpty();

    nanos++;
    streams.endIdle();
    assertThat(ended).containsExactly("still");
  }

  @Test
  void ends_those_that_move_by_a_byte_now_and_then() {
    OpenStreams.Stream dripping = enter("dripping");
    OpenStreams.Stream slow = enter("slow");

    for (int second = 1; second <= 60; second++) {
      nanos = Duration.ofSeconds(second).toNanos();
      dripping.moved(1);
      slow.moved(OpenStreams.BYTES_PER_SECOND_MIN);
      streams.endIdle();
      assertThat(ended.contains("dripping")).as("second %s", second).isEqualTo(second > 10);
    }
    assertThat(ended).doesNotContain("slow");
  }

  private OpenStreams.Stream enter(String name) {
    return streams.enter(() -> ended.add(name));
  }
}
