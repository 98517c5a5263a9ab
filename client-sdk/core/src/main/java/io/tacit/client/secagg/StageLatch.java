package io.tacit.client.secagg;

import io.tacit.protocol.ContentHash;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a device is in a session: {@code ADVERTISED -> SHARED -> MASKED -> SIGNED -> REVEALED},
 * strictly forward, and from everywhere to {@code ERASED}, for good.
 *
 * <p>INVARIANT: each state but the last is left once, with one answer to one publication. The same
 * publication again gets the same answer again; another one, or one out of turn, ends the session.
 * So there is one roster, one U2, one masked update, one signature and one kind of share of each
 * member, whatever the coordinator publishes and however often. Not thread-safe.
 */
final class StageLatch {

  /** Where a device stands; each names what it has done. */
  enum State {
    ADVERTISED,
    SHARED,
    MASKED,
    SIGNED,
    REVEALED,
    ERASED
  }

  private record Answer(ContentHash published, Object message) {}

  private final Map<State, Answer> answers = new EnumMap<>(State.class);
  private State state = State.ADVERTISED;

  State state() {
    return state;
  }

  /**
   * Whether a publication may be looked at.
   *
   * @param left the state that answering it leaves
   * @param published its hash
   * @param type of the answer
   * @return the answer that it got before, empty if it is the first
   * @throws LeaveException if the session is over, or another was answered, or it is not its turn
   */
  <T> Optional<T> enter(State left, ContentHash published, Class<T> type) throws LeaveException {
    Answer earlier = answers.get(left);
    if (earlier != null) {
      if (!earlier.published.equals(published)) {
        throw new LeaveException(
            left == State.ADVERTISED
                ? AbortReason.ROSTER_EQUIVOCATION
                : AbortReason.SURVIVOR_EQUIVOCATION,
            "what was published when this device was "
                + left
                + " is not what was published before");
      }
      return Optional.of(type.cast(earlier.message));
    }
    if (state != left) {
      throw new LeaveException(
          AbortReason.BAD_PUBLICATION,
          "this device is " + state + ", and was given what it takes when it is " + left);
    }
    return Optional.empty();
  }

  /** Leaves a state with its answer; {@link #enter} has said that it may. */
  void leave(State left, ContentHash published, Object message) {
    if (state != left) {
      throw new IllegalStateException("state is " + state + ", must be " + left);
    }
    answers.put(left, new Answer(published, message));
    state = State.values()[left.ordinal() + 1];
  }

  /** Ends the session and forgets its answers. */
  void erase() {
    answers.clear();
    state = State.ERASED;
  }
}
