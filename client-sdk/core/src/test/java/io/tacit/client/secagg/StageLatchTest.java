package io.tacit.client.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tacit.client.secagg.StageLatch.State;
import io.tacit.protocol.ContentHash;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a device does at most once in a session. */
class StageLatchTest {

  private static final ContentHash ONE = ContentHash.of(new byte[] {1});
  private static final ContentHash OTHER = ContentHash.of(new byte[] {2});

  private static final List<State> ANSWERED =
      List.of(State.ADVERTISED, State.SHARED, State.MASKED, State.SIGNED);

  private final StageLatch latch = new StageLatch();

  private void advanceTo(State state) throws LeaveException {
    while (latch.state() != state) {
      State left = latch.state();
      assertThat(latch.enter(left, ONE, String.class)).isEmpty();
      latch.leave(left, ONE, "answer of " + left);
    }
  }

  private AbortReason refusal(State left, ContentHash published) {
    LeaveException refused =
        catchThrowableOfType(
            LeaveException.class, () -> latch.enter(left, published, String.class));
    assertThat(refused).as("%s must be refused", left).isNotNull();
    return ((Step.Leave<?>) refused.toStep()).reason();
  }

  @Test
  void goes_through_its_states_in_order() throws LeaveException {
    assertThat(latch.state()).isEqualTo(State.ADVERTISED);
    advanceTo(State.SHARED);
    advanceTo(State.MASKED);
    advanceTo(State.SIGNED);
    advanceTo(State.REVEALED);
  }

  @ParameterizedTest
  @EnumSource(names = {"ADVERTISED", "SHARED", "MASKED", "SIGNED", "REVEALED"})
  void takes_what_it_is_the_turn_of_and_nothing_ahead_of_it(State state) throws LeaveException {
    advanceTo(state);
    for (State left : ANSWERED) {
      if (left.ordinal() > state.ordinal()) {
        assertThat(refusal(left, ONE)).isEqualTo(AbortReason.BAD_PUBLICATION);
      }
    }
  }

  @Test
  void gives_the_same_answer_to_the_same_publication_however_far_it_is() throws LeaveException {
    advanceTo(State.REVEALED);
    for (State left : ANSWERED) {
      assertThat(latch.enter(left, ONE, String.class)).contains("answer of " + left);
    }
    assertThat(latch.state()).isEqualTo(State.REVEALED);
  }

  @Test
  void refuses_another_publication_than_the_one_that_it_answered() throws LeaveException {
    advanceTo(State.REVEALED);
    assertThat(refusal(State.ADVERTISED, OTHER)).isEqualTo(AbortReason.ROSTER_EQUIVOCATION);
    assertThat(refusal(State.SHARED, OTHER)).isEqualTo(AbortReason.SURVIVOR_EQUIVOCATION);
    assertThat(refusal(State.MASKED, OTHER)).isEqualTo(AbortReason.SURVIVOR_EQUIVOCATION);
    assertThat(refusal(State.SIGNED, OTHER)).isEqualTo(AbortReason.SURVIVOR_EQUIVOCATION);
  }

  @Test
  void says_what_was_published_out_of_turn() {
    assertThatThrownBy(() -> latch.enter(State.SIGNED, ONE, String.class))
        .isInstanceOf(LeaveException.class)
        .hasMessage("this device is ADVERTISED, and was given what it takes when it is SIGNED");
  }

  @ParameterizedTest
  @EnumSource(names = {"ADVERTISED", "SHARED", "MASKED", "SIGNED", "REVEALED"})
  void after_it_is_erased_it_answers_nothing_not_even_what_it_has_answered(State state)
      throws LeaveException {
    advanceTo(state);
    latch.erase();

    assertThat(latch.state()).isEqualTo(State.ERASED);
    for (State left : ANSWERED) {
      assertThat(refusal(left, ONE)).isEqualTo(AbortReason.BAD_PUBLICATION);
    }
  }

  @Test
  void leaves_no_state_that_it_is_not_in() throws LeaveException {
    advanceTo(State.SHARED);

    assertThatThrownBy(() -> latch.leave(State.ADVERTISED, ONE, "again"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("state is SHARED, must be ADVERTISED");
    assertThat(latch.state()).isEqualTo(State.SHARED);
    assertThat(latch.enter(State.ADVERTISED, ONE, String.class)).contains("answer of ADVERTISED");
  }
}
