package io.tacit.coordinator.rounds;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import java.util.Locale;

/**
 * Where a round is. It moves strictly forward, in one transaction each, and only the {@link
 * RoundConductor} moves it:
 *
 * <pre>
 *   Open ──roster full, or minimum and time──▶ Collecting ──all in, or minimum and time──▶ Completed
 *     └───────────────▶ Abandoned ◀───────────────┘
 * </pre>
 */
public sealed interface RoundState {

  /** Devices are assigned, train and join the roster. */
  record Open() implements RoundState {

    @Override
    public Stage stage() {
      return Stage.ADVERTISE;
    }

    @Override
    public int rosterSize() {
      return 0;
    }
  }

  /**
   * The roster is frozen and its updates are collected.
   *
   * @param rosterSize devices on it
   * @param rosterHash SHA-256 over the sorted client ids
   */
  record Collecting(int rosterSize, ContentHash rosterHash) implements RoundState {

    @Override
    public Stage stage() {
      return Stage.INPUT;
    }
  }

  /**
   * The sum was taken once and a new model version published.
   *
   * @param rosterSize devices on the roster
   * @param contributors devices whose update is in the sum
   * @param newModel content hash of the new version
   * @param meanLoss over the contributors
   */
  record Completed(int rosterSize, int contributors, ContentHash newModel, double meanLoss)
      implements RoundState {

    @Override
    public Stage stage() {
      return Stage.COMPLETED;
    }
  }

  /**
   * Nothing of the round was or will be used.
   *
   * @param rosterSize devices on the roster, 0 if it never froze
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

    @Override
    public Stage stage() {
      return Stage.ABORTED;
    }
  }

  /** What a device is told that the session waits for. */
  Stage stage();

  /** Devices on the frozen roster; 0 before. */
  int rosterSize();

  /** The word for the state in the database, the API and logs. */
  default String word() {
    return getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }
}
