package io.tacit.client.storage;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a device has promised never to do again: send a second update in a round, go back to an
 * earlier round, report on a model a second time, follow an older version of a plan, or take a
 * model by an older release; and what its participations in each plan have cost.
 *
 * <p>Guarantee: {@link #spend} says yes at most once per (plan, round), rounds rising strictly, and
 * at most once per (plan, model) that is reported on, and has it on disk before it says so, in one
 * file with what it costs; a crash can lose a round or a report, never spend it twice, and a charge
 * is never lost. Assumes: the device's storage is not set back to an earlier state.
 *
 * <p>File of a plan, big-endian: u64 round, u32 version seen, u32 version ended, u32 release; what
 * was spent, 48 bytes each ({@link Spending}); if there were reports, of each model the first eight
 * bytes of its hash, then u32 how many.
 */
public final class RoundLatch {

  /** Of latches from before plans ended, and from before there were releases. */
  private static final Set<Integer> OLD_RECORD_BYTES = Set.of(12, 16);

  /** Without what was spent, which follows. */
  private static final int RECORD_BYTES = 20;

  /**
   * Reports that a device makes under a plan, over all its versions. It forgets none of them, so
   * that nobody can push one out, and makes no more.
   */
  static final int REPORTS_MAX = 1_024;

  private static final int RECORD_BYTES_MAX =
      RECORD_BYTES + Spending.KINDS_MAX * Spending.BYTES + REPORTS_MAX * Long.BYTES + Integer.BYTES;

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
   * @param reported the model that the update reports on, null for none
   * @param condition that must hold too, asked while nobody else spends
   * @return false if this round or a later one of the plan is spent already, the model must not be
   *     reported on, or the condition does not hold; nothing changed
   */
  public boolean spend(
      RoundId round,
      Charge charge,
      int bytes,
      @Nullable ContentHash reported,
      DeviceStorage.Action<Boolean> condition)
      throws IOException {
    return storage.exclusively(
        () -> {
          State state = read(round.plan());
          boolean isOpen =
              round.number() > state.round && (reported == null || state.mayReport(reported));
          if (!isOpen || !condition.run()) {
            return false;
          }
          long day = Math.max(0, clock.millis() / DAY_MILLIS);
          List<Spending> spent = Spending.plus(state.spent, charge, bytes, day);
          write(round.plan(), state.withRound(round.number(), spent, reported));
          return true;
        });
  }

  /**
   * Whether the device may still report how well a model does, as of now: it has not under this
   * plan, and has made fewer than {@value #REPORTS_MAX} reports.
   */
  public boolean mayReport(PlanId plan, ContentHash model) throws IOException {
    return read(plan).mayReport(model);
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
    Optional<byte[]> kept = storage.read(name, RECORD_BYTES_MAX);
    byte[] bytes = kept.orElse(new byte[0]);
    int reportBytes = reportBytes(bytes);
    int kinds = (bytes.length - RECORD_BYTES - reportBytes) / Spending.BYTES;
    // No file is a plan of which nothing is known; a file with nothing in it lost what it knew, and
    // zeros are its right checksum.
    boolean isOld = !kept.isPresent() || OLD_RECORD_BYTES.contains(bytes.length);
    if (!isOld
        && (kinds < 0 || bytes.length != RECORD_BYTES + kinds * Spending.BYTES + reportBytes)) {
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
      return new State(
          round,
          planVersion,
          endedVersion,
          release,
          spent(record, isOld ? 0 : kinds, round),
          reported(record, reportBytes));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(
          storage.file(name), "has no count of participations: " + e.getMessage());
    }
  }

  /** What is no multiple of eight behind a record's beginning ends with reports. */
  private static int reportBytes(byte[] bytes) {
    int behind = bytes.length - RECORD_BYTES;
    if (behind <= 0 || behind % Long.BYTES != Integer.BYTES) {
      return 0;
    }
    int reports = ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES);
    return reports < 1 || reports > REPORTS_MAX ? 0 : reports * Long.BYTES + Integer.BYTES;
  }

  private static List<Long> reported(ByteBuffer record, int reportBytes) {
    List<Long> reported = new ArrayList<>();
    for (int i = 0; i < reportBytes / Long.BYTES; i++) {
      reported.add(record.getLong());
    }
    return reported;
  }

  private static List<Spending> spent(ByteBuffer record, int kinds, long round) {
    List<Spending> spent = new ArrayList<>();
    for (int i = 0; i < kinds; i++) {
      spent.add(Spending.readFrom(record));
    }
    if (spent.isEmpty() && round > 0) {
      spent.add(Spending.uncounted(round));
    }
    return spent;
  }

  private void write(PlanId plan, State state) throws IOException {
    int reports = state.reported.size();
    int reportBytes = reports == 0 ? 0 : reports * Long.BYTES + Integer.BYTES;
    ByteBuffer buffer =
        ByteBuffer.allocate(RECORD_BYTES + state.spent.size() * Spending.BYTES + reportBytes)
            .putLong(state.round)
            .putInt(state.planVersion)
            .putInt(state.endedVersion)
            .putInt(state.release);
    for (Spending spending : state.spent) {
      spending.writeTo(buffer);
    }
    for (long model : state.reported) {
      buffer.putLong(model);
    }
    if (reports > 0) {
      buffer.putInt(reports);
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
   * @param reported of each model that was reported on, the first bytes of its hash: another model
   *     with the same is not reported on, which loses little
   */
  private record State(
      long round,
      int planVersion,
      int endedVersion,
      int release,
      List<Spending> spent,
      List<Long> reported) {

    State withRound(long number, List<Spending> nowSpent, @Nullable ContentHash model) {
      List<Long> nowReported = new ArrayList<>(reported);
      if (model != null) {
        nowReported.add(firstBytes(model));
      }
      return new State(number, planVersion, endedVersion, release, nowSpent, nowReported);
    }

    State withVersions(int seen, int ended, int released) {
      return new State(round, seen, ended, released, spent, reported);
    }

    boolean mayReport(ContentHash model) {
      return reported.size() < REPORTS_MAX && !reported.contains(firstBytes(model));
    }

    private static long firstBytes(ContentHash model) {
      return ByteBuffer.wrap(model.toBytes()).getLong();
    }
  }
}
