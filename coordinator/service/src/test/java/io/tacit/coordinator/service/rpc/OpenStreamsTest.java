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
    moving.moved();
    streams.endIdle();
    assertThat(ended).isEmpty();

    nanos++;
    streams.endIdle();
    assertThat(ended).containsExactly("still");
  }

  private OpenStreams.Stream enter(String name) {
    return streams.enter(() -> ended.add(name));
  }
}
