package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.SurvivorFloor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a secure session has published so far, each part upon the one before. All of it comes from
 * the log, so that it is the same, byte for byte, after a restart. Immutable.
 */
final class Published {

  static final Published NOTHING = new Published(null, null, null, null);

  private final @Nullable FrozenRoster roster;
  private final @Nullable FrozenShares shares;
  private final @Nullable FrozenInputs inputs;
  private final @Nullable FrozenSignatures signatures;

  private Published(
      @Nullable FrozenRoster roster,
      @Nullable FrozenShares shares,
      @Nullable FrozenInputs inputs,
      @Nullable FrozenSignatures signatures) {
    this.roster = roster;
    this.shares = shares;
    this.inputs = inputs;
    this.signatures = signatures;
  }

  static Published of(FrozenRoster roster) {
    return new Published(roster, null, null, null);
  }

  Published with(FrozenShares frozen) {
    return new Published(roster(), frozen, null, null);
  }

  /** The shares that devices sent each other are let go of: no inbox is asked for any more. */
  Published with(FrozenInputs frozen) {
    return new Published(roster(), shares().withoutBoxes(), frozen, null);
  }

  Published with(FrozenSignatures frozen) {
    return new Published(roster(), shares(), inputs(), frozen);
  }

  FrozenRoster roster() {
    return present(roster, "roster");
  }

  FrozenShares shares() {
    return present(shares, "shares");
  }

  FrozenInputs inputs() {
    return present(inputs, "inputs");
  }

  FrozenSignatures signatures() {
    return present(signatures, "signatures");
  }

  private static <T> T present(@Nullable T part, String name) {
    if (part == null) {
      throw new IllegalStateException("the " + name + " of this session are not frozen yet");
    }
    return part;
  }

  /** t. */
  int threshold() {
    return SessionTranscript.threshold(roster().size());
  }

  /**
   * Without how many answers a stage ends the session: no device signs for fewer in the sum than
   * the plan asks for, and after that t can do what is left to do.
   *
   * @param survivors the plan's
   */
  int needed(Stage stage, SurvivorFloor survivors) {
    return switch (stage) {
      case SHARE_KEYS, INPUT -> survivors.of(roster().size());
      case CONSISTENCY, UNMASK -> threshold();
      case ADVERTISE, COMPLETED, ABORTED ->
          throw new IllegalArgumentException("stage " + stage + " has no roster to answer it");
    };
  }

  /** The device with this index on the roster, from 1; empty if there is none. */
  Optional<ClientId> member(int index) {
    return roster == null || index < 1 || index > roster.size()
        ? Optional.empty()
        : Optional.of(roster.member(index));
  }

  /** Which devices a stage waits for. */
  List<ClientId> expected(Stage stage) {
    return switch (stage) {
      case SHARE_KEYS -> roster().members();
      case INPUT -> members(shares().u2());
      case CONSISTENCY -> members(inputs().u3());
      case UNMASK -> members(signatures().signers());
      case ADVERTISE, COMPLETED, ABORTED ->
          throw new IllegalArgumentException("stage " + stage + " has no list of who is expected");
    };
  }

  private List<ClientId> members(MemberSet indices) {
    List<ClientId> clients = new ArrayList<>();
    indices.forEach(index -> clients.add(roster().member(index)));
    return clients;
  }

  /** What led to a state, for one device; null where nothing is published. */
  @Nullable Publication at(SessionState state, ClientId client) {
    if (state instanceof SessionState.RosterFrozen) {
      return roster().publication();
    } else if (state instanceof SessionState.SharesFrozen) {
      return shares().inboxOf(roster().indexOf(client));
    } else if (state instanceof SessionState.InputsFrozen) {
      return inputs().publication();
    }
    return state instanceof SessionState.Unmasking
            || (state instanceof SessionState.Summed && signatures != null)
        ? signatures().publication()
        : null;
  }
}
