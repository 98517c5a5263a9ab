package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The sum of all updates in a log, and whose they are: a pure fold, the same however often it is
 * interrupted and taken up again.
 *
 * <p>An update is a record of stage {@link Stage#INPUT}: 16 + d lanes of 32 bits and those of
 * metrics, little-endian, added modulo 2^32; other records are passed over. Updates are folded as
 * they come, so the sum and a tile are all the memory it needs. For one thread at a time.
 */
public final class MaskedSum {

  /**
   * Static, so that the loop over it becomes vector instructions: twice as fast as an IntBuffer.
   */
  private static final VarHandle LANE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final SessionLog log;
  private final int[] lanes;
  private final Set<ClientId> members;
  private final Fold fold = new Fold();
  private long offset;

  /** A record was added in part: the sum is of no use any more. */
  private boolean torn;

  private MaskedSum(SessionLog log, Checkpoint start) {
    this.log = log;
    this.lanes = start.sum();
    this.members = new LinkedHashSet<>(start.members());
    this.offset = start.offset();
  }

  /**
   * The sum over a log, begun at its latest checkpoint or at its beginning; call {@link #advance}.
   *
   * @param lanes of an update: header, parameters, metrics
   * @throws IllegalArgumentException if the checkpoint has another number of lanes
   */
  public static MaskedSum over(SessionLog log, int lanes) {
    Checkpoint start =
        log.latestCheckpoint().orElseGet(() -> new Checkpoint(new int[lanes], Set.of(), 0));
    if (start.sum().length != lanes) {
      throw new IllegalArgumentException(
          "the sum is to have "
              + lanes
              + " lanes, but the checkpoint of the session has "
              + start.sum().length
              + "; use the plan that the session was begun with");
    }
    return new MaskedSum(log, start);
  }

  /**
   * Adds the updates that became durable since the last call.
   *
   * @return how many
   * @throws IllegalStateException if an update has not the length of the sum, or an earlier call
   *     failed in the middle of one: begin again with {@link #over}
   */
  public int advance() {
    if (torn) {
      throw new IllegalStateException(
          "an earlier call failed in the middle of an update; begin again from the log");
    }
    int before = members.size();
    torn = true;
    offset = log.read(offset, fold);
    torn = false;
    return members.size() - before;
  }

  private final class Fold implements RecordReader {

    @Override
    public boolean begin(LogRecord record) {
      if (record.key().stage() != Stage.INPUT) {
        return false;
      }
      long bytes = (long) Integer.BYTES * lanes.length;
      if (record.payloadBytes() != bytes) {
        throw new IllegalStateException(
            "update at offset "
                + record.offset()
                + " has "
                + record.payloadBytes()
                + " bytes, must have "
                + bytes
                + "; the length is to be checked before it is appended");
      }
      if (!members.add(record.key().client())) {
        throw new IllegalStateException("update at offset " + record.offset() + " is added twice");
      }
      return true;
    }

    @Override
    public void tile(long position, ByteBuffer tile) {
      int first = (int) (position / Integer.BYTES);
      int count = tile.remaining() / Integer.BYTES;
      byte[] bytes = tile.array();
      int start = tile.arrayOffset() + tile.position();
      for (int i = 0; i < count; i++) {
        lanes[first + i] += (int) LANE.get(bytes, start + Integer.BYTES * i);
      }
    }
  }

  /** Whose updates are in the sum, in log order: a view. */
  public Set<ClientId> members() {
    return Collections.unmodifiableSet(members);
  }

  /** A copy of sum, members and offset. */
  public Checkpoint snapshot() {
    return new Checkpoint(lanes.clone(), members, offset);
  }

  /** Stores sum, members and offset in the log, so that the next process begins here. */
  public void checkpoint() {
    log.checkpoint(new Checkpoint(lanes, members, offset));
  }
}
