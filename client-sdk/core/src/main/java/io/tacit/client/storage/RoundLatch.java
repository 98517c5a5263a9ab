package io.tacit.client.storage;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device has promised never to do again: send a second update in a round, go back to an
 * earlier round, follow an older version of a plan, or take a model by an older release.
 *
 * <p>Guarantee: {@link #spend} says yes at most once per (plan, round), rounds rising strictly, and
 * has it on disk before it says so; a crash can lose a round, never spend it twice. Assumes: the
 * device's storage is not set back to an earlier state.
 */
public final class RoundLatch {

  /** Of latches from before plans ended, and from before there were releases. */
  private static final Set<Integer> OLD_RECORD_BYTES = Set.of(12, 16);

  private static final int RECORD_BYTES = 20;

  private final DeviceStorage storage;
  private final Clock clock;

  /** A latch that keeps one small file per plan in this storage. */
  public RoundLatch(DeviceStorage storage) {
    this(storage, Clock.systemUTC());
  }

  /** The same with a clock to tell whether plans have ended. */
  public RoundLatch(DeviceStorage storage, Clock clock) {
    this.storage = storage;
    this.clock = clock;
  }

  /**
   * Spends a round.
   *
   * @return false if this round or a later one of the plan is spent already; nothing changed
   */
  public boolean spend(RoundId round) throws IOException {
    return storage.exclusively(
        () -> {
          State state = read(round.plan());
          if (round.number() <= state.round) {
            return false;
          }
          write(
              round.plan(),
              new State(round.number(), state.planVersion, state.endedVersion, state.release));
          return true;
        });
  }

  /** Whether a round could still be spent, as of now. */
  public boolean isOpen(RoundId round) throws IOException {
    return round.number() > read(round.plan()).round;
  }

  /** Highest version of the plan that was ever seen, 0 if none. */
  public int planVersionSeen(PlanId plan) throws IOException {
    return read(plan).planVersion;
  }

  /**
   * Remembers that a version of the plan was seen.
   *
   * @return false if a higher one was seen before; nothing changed
   */
  public boolean see(PlanId plan, int version) throws IOException {
    return storage.exclusively(
        () -> {
          State state = read(plan);
          if (version > state.planVersion) {
            write(plan, new State(state.round, version, state.endedVersion, state.release));
          }
          return version >= state.planVersion;
        });
  }

  /**
   * Whether a version of a plan has ended. Once it has, it stays so, whatever the clock says later.
   *
   * @param notAfter its last second, null if it does not end
   */
  public boolean hasEnded(PlanId plan, int version, @Nullable Instant notAfter) throws IOException {
    if (notAfter == null) {
      return false;
    }
    return storage.exclusively(
        () -> {
          State state = read(plan);
          if (version <= state.endedVersion) {
            return true;
          }
          boolean isOver = clock.instant().isAfter(notAfter);
          if (isOver) {
            write(plan, new State(state.round, state.planVersion, version, state.release));
          }
          return isOver;
        });
  }

  /** Highest release number of the plan that was ever seen, 0 if none. */
  public int releaseSeen(PlanId plan) throws IOException {
    return read(plan).release;
  }

  /**
   * Remembers that a release of the plan's model was seen.
   *
   * @param number from 1
   * @return false if a higher one was seen before; nothing changed
   */
  public boolean seeRelease(PlanId plan, int number) throws IOException {
    return storage.exclusively(
        () -> {
          State state = read(plan);
          if (number > state.release) {
            write(plan, new State(state.round, state.planVersion, state.endedVersion, number));
          }
          return number >= state.release;
        });
  }

  private State read(PlanId plan) throws IOException {
    Optional<byte[]> bytes = storage.read(name(plan), RECORD_BYTES);
    int length = bytes.isPresent() ? bytes.get().length : 0;
    if (bytes.isPresent() && length != RECORD_BYTES && !OLD_RECORD_BYTES.contains(length)) {
      throw new CorruptFileException(
          storage.file(name(plan)), "holds " + length + " bytes, must hold " + RECORD_BYTES);
    }
    // What was not recorded yet is 0.
    ByteBuffer record = ByteBuffer.wrap(Arrays.copyOf(bytes.orElse(new byte[0]), RECORD_BYTES));
    return new State(record.getLong(), record.getInt(), record.getInt(), record.getInt());
  }

  private void write(PlanId plan, State state) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(RECORD_BYTES);
    buffer
        .putLong(state.round)
        .putInt(state.planVersion)
        .putInt(state.endedVersion)
        .putInt(state.release);
    storage.write(name(plan), buffer.array());
  }

  private static String name(PlanId plan) {
    return "round-" + plan;
  }

  /**
   * @param round highest that was spent, 0 if none
   * @param planVersion highest that was seen, 0 if none
   * @param endedVersion highest that was found to have ended, 0 if none
   * @param release highest number of a release that was seen, 0 if none
   */
  private record State(long round, int planVersion, int endedVersion, int release) {}
}
