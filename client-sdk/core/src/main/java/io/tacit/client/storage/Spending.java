package io.tacit.client.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Participations in one plan that cost the same.
 *
 * @param charge of each
 * @param participations 1 or more; more than there were where they were not counted at the time
 * @param bytes of their updates
 * @param firstDay of the first, in days since 1970 by the device's clock; 0 if it is not known
 */
public record Spending(Charge charge, long participations, long bytes, long firstDay) {

  /** What one takes in a file: six numbers of eight bytes. */
  static final int BYTES = 6 * Long.BYTES;

  /**
   * Different costs that are kept apart for a plan; its owner could change them with each version.
   */
  static final int KINDS_MAX = 64;

  public Spending {
    if (participations < 1 || bytes < 0 || firstDay < 0) {
      throw new IllegalArgumentException(
          participations + " participations with " + bytes + " bytes since day " + firstDay);
    }
  }

  /** Of rounds up to this one, from before participations were counted: perhaps all of them. */
  static Spending uncounted(long round) {
    return new Spending(Charge.WITHOUT_NOISE, round, 0, 0);
  }

  /** This list and one participation more. Loses nothing, and never says less than was spent. */
  static List<Spending> plus(List<Spending> spent, Charge charge, int bytes, long day) {
    List<Spending> next = new ArrayList<>(spent);
    Spending one = new Spending(charge, 1, bytes, day);
    for (int i = 0; i < next.size(); i++) {
      if (next.get(i).charge.equals(charge)) {
        next.set(i, next.get(i).with(one));
        return next;
      }
    }
    if (next.size() == KINDS_MAX) {
      next.set(KINDS_MAX - 1, next.get(KINDS_MAX - 1).with(one));
    } else {
      next.add(one);
    }
    return next;
  }

  /** Both, at the higher cost. */
  private Spending with(Spending later) {
    return new Spending(
        charge.atLeast(later.charge),
        participations + later.participations,
        bytes + later.bytes,
        firstDay);
  }

  void writeTo(ByteBuffer buffer) {
    buffer
        .putDouble(charge.noiseMultiplier())
        .putDouble(charge.shardNoiseMultiplier())
        .putDouble(charge.delta())
        .putLong(participations)
        .putLong(bytes)
        .putLong(firstDay);
  }

  /**
   * @throws IllegalArgumentException if these bytes are none of {@link #writeTo}
   */
  static Spending readFrom(ByteBuffer buffer) {
    Charge charge = new Charge(buffer.getDouble(), buffer.getDouble(), buffer.getDouble());
    return new Spending(charge, buffer.getLong(), buffer.getLong(), buffer.getLong());
  }
}
