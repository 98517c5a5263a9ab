package io.tacit.client.storage;

import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device has promised never to do again: send a second update in a round, go back to an
 * earlier round, follow an older version of a plan, or take a model by an older release; and what
 * its participations in each plan have cost.
 *
 * <p>Guarantee: {@link #spend} says yes at most once per (plan, round), rounds rising strictly, and
 * has it on disk before it says so, in one file with what it costs; a crash can lose a round, never
 * spend it twice, and a charge is never lost. Assumes: the device's storage is not set back to an
 * earlier state.
 */
public final class RoundLatch {

  /** Of latches from before plans ended, and from before there were releases. */
  private static final Set<Integer> OLD_RECORD_BYTES = Set.of(12, 16);

  /** Without what was spent, which follows. */
  private static final int RECORD_BYTES = 20;

  private static final int RECORD_BYTES_MAX = RECORD_BYTES + Spending.KINDS_MAX * Spending.BYTES;

  private static final String PREFIX = "round-";
  private static final long DAY_MILLIS = 86_400_000;

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
   * Spends a round, and counts what it costs.
   *
   * @param charge of taking part in it
   * @param bytes of the update
   * @param condition that must hold too, asked while nobody else spends
   * @return false if this round or a later one of the plan is spent already, or the condition does
   *     not hold; nothing changed
   */
  public boolean spend(
      RoundId round, Charge charge, int bytes, DeviceStorage.Action<Boolean> condition)
      throws IOException {
    return storage.exclusively(
        () -> {
          State state = read(round.plan());
          if (round.number() <= state.round || !condition.run()) {
            return false;
          }
          long day = Math.max(0, clock.millis() / DAY_MILLIS);
          List<Spending> spent = Spending.plus(state.spent, charge, bytes, day);
          write(round.plan(), state.withRound(round.number(), spent));
          return true;
        });
  }

  /** How often the device has taken part in a plan, over all its versions. */
  public long participations(PlanId plan) throws IOException {
    long participations = 0;
    for (Spending spending : read(plan).spent) {
      participations += spending.participations();
    }
    return participations;
  }

  /**
   * What all participations in all plans have cost.
   *
   * @throws CorruptFileException if a file of them is not as it was left
   */
  public List<Spending> spent() throws IOException {
    List<Spending> all = new ArrayList<>();
    for (String name : storage.names()) {
      if (name.startsWith(PREFIX)) {
        all.addAll(read(name).spent);
      }
    }
    return all;
  }

  /**
   * Makes sure that a round which is known to be spent is so here too.
   *
   * @throws CorruptFileException if it is not: this latch was set back
   */
  public void requireSpent(RoundId round) throws IOException {
    if (isOpen(round)) {
      throw new CorruptFileException(storage.file(name(round.plan())), FileFault.ROLLED_BACK);
    }
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
            write(plan, state.withVersions(version, state.endedVersion, state.release));
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
            write(plan, state.withVersions(state.planVersion, version, state.release));
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
            write(plan, state.withVersions(state.planVersion, state.endedVersion, number));
          }
          return number >= state.release;
        });
  }

  private State read(PlanId plan) throws IOException {
    return read(name(plan));
  }

  private State read(String name) throws IOException {
    byte[] bytes = storage.read(name, RECORD_BYTES_MAX).orElse(new byte[0]);
    int kinds = (bytes.length - RECORD_BYTES) / Spending.BYTES;
    boolean isOld = bytes.length == 0 || OLD_RECORD_BYTES.contains(bytes.length);
    if (!isOld && (kinds < 0 || bytes.length != RECORD_BYTES + kinds * Spending.BYTES)) {
      throw new CorruptFileException(
          storage.file(name),
          "holds " + bytes.length + " bytes, must hold " + RECORD_BYTES + " and what was spent");
    }
    // What was not recorded yet is 0.
    ByteBuffer record = ByteBuffer.wrap(Arrays.copyOf(bytes, Math.max(bytes.length, RECORD_BYTES)));
    long round = record.getLong();
    int planVersion = record.getInt();
    int endedVersion = record.getInt();
    int release = record.getInt();
    try {
      return new State(round, planVersion, endedVersion, release, spent(record, round));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          storage.file(name), "has no count of participations: " + e.getMessage());
    }
  }

  private static List<Spending> spent(ByteBuffer record, long round) {
    List<Spending> spent = new ArrayList<>();
    while (record.hasRemaining()) {
      spent.add(Spending.readFrom(record));
    }
    if (spent.isEmpty() && round > 0) {
      spent.add(Spending.uncounted(round));
    }
    return spent;
  }

  private void write(PlanId plan, State state) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(RECORD_BYTES + state.spent.size() * Spending.BYTES)
            .putLong(state.round)
            .putInt(state.planVersion)
            .putInt(state.endedVersion)
            .putInt(state.release);
    for (Spending spending : state.spent) {
      spending.writeTo(buffer);
    }
    storage.write(name(plan), buffer.array());
  }

  private static String name(PlanId plan) {
    return PREFIX + plan;
  }

  /**
   * @param round highest that was spent, 0 if none
   * @param planVersion highest that was seen, 0 if none
   * @param endedVersion highest that was found to have ended, 0 if none
   * @param release highest number of a release that was seen, 0 if none
   * @param spent by all participations in the plan, by what they cost
   */
  private record State(
      long round, int planVersion, int endedVersion, int release, List<Spending> spent) {

    State withRound(long number, List<Spending> nowSpent) {
      return new State(number, planVersion, endedVersion, release, nowSpent);
    }

    State withVersions(int seen, int ended, int released) {
      return new State(round, seen, ended, released, spent);
    }
  }
}
