package io.tacit.coordinator.sessions;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.masking.MemberSet;
import java.util.Locale;

/**
 * Where a session is. It moves strictly forward, in one transaction each, and only the {@link
 * SessionCourse} moves it:
 *
 * <pre>
 *   Open ─▶ RosterFrozen ─▶ SharesFrozen ─▶ InputsFrozen ─▶ Unmasking ─▶ Summed
 *     │          └───────────────┴──────┬───────┴───────────────┘
 *     │                                 ▼
 *     ├──────────────────────────▶  Aborted
 *     │                                 ▲
 *     └─▶ Collecting (mode PLAIN) ──────┴─▶ Summed
 * </pre>
 */
public sealed interface SessionState {

  /** Devices join the roster. */
  record Open() implements SessionState {

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
   * Mode PLAIN: the roster is frozen and its updates are collected.
   *
   * @param rosterSize devices on it
   * @param rosterHash SHA-256 over the sorted client ids
   */
  record Collecting(int rosterSize, ContentHash rosterHash) implements SessionState {

    @Override
    public Stage stage() {
      return Stage.INPUT;
    }
  }

  /**
   * The roster is frozen and its members share their secrets.
   *
   * @param rosterSize n
   * @param rosterHash ctx1
   */
  record RosterFrozen(int rosterSize, ContentHash rosterHash) implements SessionState {

    @Override
    public Stage stage() {
      return Stage.SHARE_KEYS;
    }
  }

  /**
   * It is settled who has shared, and their masked updates are collected.
   *
   * @param rosterSize n
   * @param rosterHash ctx1
   * @param u2 who shared
   */
  record SharesFrozen(int rosterSize, ContentHash rosterHash, MemberSet u2)
      implements SessionState {

    @Override
    public Stage stage() {
      return Stage.INPUT;
    }
  }

  /**
   * It is settled whose updates are in the sum, and survivors sign it.
   *
   * @param rosterSize n
   * @param rosterHash ctx1
   * @param u2 who shared
   * @param u3 whose updates are in the sum
   */
  record InputsFrozen(int rosterSize, ContentHash rosterHash, MemberSet u2, MemberSet u3)
      implements SessionState {

    @Override
    public Stage stage() {
      return Stage.CONSISTENCY;
    }
  }

  /**
   * Enough have signed, and survivors reveal the shares that unmask the sum.
   *
   * @param rosterSize n
   * @param rosterHash ctx1
   * @param u2 who shared
   * @param u3 whose updates are in the sum
   */
  record Unmasking(int rosterSize, ContentHash rosterHash, MemberSet u2, MemberSet u3)
      implements SessionState {

    @Override
    public Stage stage() {
      return Stage.UNMASK;
    }
  }

  /**
   * The sum is known. What devices are told next is how their round ends.
   *
   * @param rosterSize devices on the roster
   * @param shared devices that had shared their keys; in mode PLAIN all of the roster
   * @param contributors devices whose update is in the sum
   * @param sumDigest SHA-256 over its lanes, little-endian
   */
  record Summed(int rosterSize, int shared, int contributors, ContentHash sumDigest)
      implements SessionState {

    /** Secure sessions show UNMASK until their round is decided; those in mode PLAIN, INPUT. */
    @Override
    public Stage stage() {
      return Stage.UNMASK;
    }
  }

  /**
   * Nothing of the session was or will be used.
   *
   * @param rosterSize devices on the roster, 0 if it never froze
   * @param reason for people; cut to {@link #REASON_LENGTH_MAX} characters
   */
  record Aborted(int rosterSize, String reason) implements SessionState {

    /** What the table takes: a longer text must not keep a session from ending. */
    public static final int REASON_LENGTH_MAX = 2_000;

    public Aborted {
      if (reason.length() > REASON_LENGTH_MAX) {
        reason = reason.substring(0, REASON_LENGTH_MAX);
      }
    }

    @Override
    public Stage stage() {
      return Stage.ABORTED;
    }
  }

  /** What a session in this state waits for. */
  Stage stage();

  /** Devices on the frozen roster; 0 before. */
  int rosterSize();

  /** Whether the state is never left. */
  default boolean isOver() {
    return this instanceof Summed || this instanceof Aborted;
  }

  /** The word for the state in the database, the API and logs. */
  default String word() {
    return getClass().getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
