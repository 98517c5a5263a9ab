package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ClientId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The sum of all updates before an offset of the log.
 *
 * @param sum the lanes of an update, modulo 2^32; not copied, as it may have 64 MB: whoever keeps a
 *     checkpoint copies it
 * @param members whose updates are in it, in log order
 * @param offset behind the last record that was considered
 */
public record Checkpoint(int[] sum, Set<ClientId> members, long offset) {

  public Checkpoint {
    if (offset < 0) {
      throw new IllegalArgumentException("checkpoint offset is " + offset + ", must be 0 or more");
    }
    members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
  }

  /** Lanes and members only by their number. */
  @Override
  public String toString() {
    return "Checkpoint["
        + sum.length
        + " lanes, "
        + members.size()
        + " members, offset "
        + offset
        + "]";
  }
}
