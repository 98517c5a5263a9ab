package io.tacit.client.storage;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a device has promised never to do again: send a second update in a round, go back to an
 * earlier round, or follow an older version of a plan.
 *
 * <p>Guarantee: {@link #spend} says yes at most once per (plan, round), rounds rising strictly, and
 * has it on disk before it says so; a crash can lose a round, never spend it twice. Assumes: the
 * device's storage is not set back to an earlier state.
 */
public final class RoundLatch {

  /** Of latches from before plans ended. */
  private static final int OLD_RECORD_BYTES = 12;

  private static final int RECORD_BYTES = 16;

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
          write(round.plan(), new State(round.number(), state.planVersion, state.endedVersion));
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
            write(plan, new State(state.round, version, state.endedVersion));
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
            write(plan, new State(state.round, state.planVersion, version));
          }
          return isOver;
        });
  }

  private State read(PlanId plan) throws IOException {
    Optional<byte[]> bytes = storage.read(name(plan), RECORD_BYTES);
    if (!bytes.isPresent()) {
      return new State(0, 0, 0);
    }
    int length = bytes.get().length;
    if (length != RECORD_BYTES && length != OLD_RECORD_BYTES) {
      throw new CorruptFileException(
          storage.file(name(plan)), "holds " + length + " bytes, must hold " + RECORD_BYTES);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes.get());
    return new State(
        buffer.getLong(), buffer.getInt(), length == RECORD_BYTES ? buffer.getInt() : 0);
  }

  private void write(PlanId plan, State state) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(RECORD_BYTES);
    buffer.putLong(state.round).putInt(state.planVersion).putInt(state.endedVersion);
    storage.write(name(plan), buffer.array());
  }

  private static String name(PlanId plan) {
    return "round-" + plan;
  }

  /**
   * @param round highest that was spent, 0 if none
   * @param planVersion highest that was seen, 0 if none
   * @param endedVersion highest that was found to have ended, 0 if none
   */
  private record State(long round, int planVersion, int endedVersion) {}
}
