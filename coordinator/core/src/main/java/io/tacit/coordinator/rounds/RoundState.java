package io.tacit.coordinator.rounds;

import io.tacit.protocol.ContentHash;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a round is. It moves strictly forward, in one transaction each, and only the {@link
 * RoundConductor} moves it:
 *
 * <pre>
 *   Open ──no session fills any more──▶ Collecting ──all sessions over, enough summed──▶ Completed
 *     └──────────────────▶ Abandoned ◀──────┘
 * </pre>
 */
public sealed interface RoundState {

  /** Devices are assigned, train and join the rosters of its sessions. */
  record Open() implements RoundState {

    @Override
    public int rosterSize() {
      return 0;
    }
  }

  /**
   * No session fills any more; their updates are collected and summed.
   *
   * @param rosterSize devices on all rosters together
   */
  record Collecting(int rosterSize) implements RoundState {}

  /**
   * The sums were added once and a new model version published.
   *
   * @param rosterSize devices on all rosters together
   * @param contributors devices whose update is in the sum
   * @param newModel content hash of the new version
   * @param meanLoss over the contributors; NaN if they did not tell, as under noise
   * @param record content hash of the round's record; null in mode PLAIN
   */
  record Completed(
      int rosterSize,
      int contributors,
      ContentHash newModel,
      double meanLoss,
      @Nullable ContentHash record)
      implements RoundState {

    /** A round in mode PLAIN, which has no record. */
    public Completed(int rosterSize, int contributors, ContentHash newModel, double meanLoss) {
      this(rosterSize, contributors, newModel, meanLoss, null);
    }
  }

  /**
   * Nothing of the round was or will be used.
   *
   * @param rosterSize devices on all rosters together, 0 if none froze
   * @param reason for people; cut to {@link #REASON_LENGTH_MAX} characters
   */
  record Abandoned(int rosterSize, String reason) implements RoundState {

    /** What the table of rounds takes: a longer text must not keep a round from ending. */
    public static final int REASON_LENGTH_MAX = 2_000;

    public Abandoned {
      if (reason.length() > REASON_LENGTH_MAX) {
        reason = reason.substring(0, REASON_LENGTH_MAX);
      }
    }
  }

  /** Devices on the frozen rosters; 0 before. */
  int rosterSize();

  /** Whether the state is never left. */
  default boolean isOver() {
    return this instanceof Completed || this instanceof Abandoned;
  }

  /** The word for the state in the database, the API and logs. */
  default String word() {
    return getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}
