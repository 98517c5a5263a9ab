package io.tacit.client.secagg;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.Survivors;
import org.junit.jupiter.api.Test;

/** The bounds of each check, from both sides: ten devices, of which seven are enough. */
class QuorumCheckTest {

  private static final AdversarialCoordinator COORDINATOR =
      new AdversarialCoordinator(Suite.CLASSIC, 10);
  private static final MemberSet SEVEN = MemberSet.of(10, 1, 2, 3, 4, 5, 6, 7);
  private static final MemberSet SIX = MemberSet.of(10, 1, 2, 3, 4, 5, 6);

  private final Members members = members(SurvivorFloor.THRESHOLD);

  private static Members members(SurvivorFloor survivors) {
    return new Members(
        (Roster.Members)
            COORDINATOR
                .roster()
                .open(Suite.CLASSIC, COORDINATOR.terms.context(), new IdentityKeyCache(10)),
        1,
        survivors);
  }

  @Test
  void seven_that_shared_are_enough_and_six_are_not() {
    assertThatCode(() -> QuorumCheck.shared(SEVEN, members)).doesNotThrowAnyException();
    assertThatThrownBy(() -> QuorumCheck.shared(SIX, members))
        .isInstanceOf(LeaveException.class)
        .hasMessage("6 members have shared their keys, must be at least 7");
    assertThatThrownBy(() -> QuorumCheck.shared(COORDINATOR.allBut(1), members))
        .isInstanceOf(LeaveException.class)
        .hasMessage("this device shared its keys, and is said not to have");
  }

  @Test
  void seven_survivors_are_enough_and_six_are_not() {
    MemberSet all = COORDINATOR.all();
    assertThatCode(() -> QuorumCheck.survived(new Survivors(all, SEVEN), members, all))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> QuorumCheck.survived(new Survivors(all, SIX), members, all))
        .isInstanceOf(LeaveException.class)
        .hasMessage("6 members have sent their updates, must be at least 7");
    assertThatThrownBy(() -> QuorumCheck.survived(new Survivors(SEVEN, SEVEN), members, all))
        .isInstanceOf(LeaveException.class)
        .hasMessage("those that shared are not those that this device was told of before");
    assertThatThrownBy(() -> QuorumCheck.survived(new Survivors(SEVEN, all), members, SEVEN))
        .isInstanceOf(LeaveException.class)
        .hasMessage("among the survivors are members that have not shared their keys");
    assertThatThrownBy(
            () -> QuorumCheck.survived(new Survivors(all, COORDINATOR.allBut(1)), members, all))
        .isInstanceOf(LeaveException.class)
        .hasMessage("this device sent its update, and is said not to have");
  }

  /** Nine of ten by the plan: the threshold alone is not enough to sign for. */
  @Test
  void nine_are_enough_and_eight_are_not_where_the_plan_asks_for_nine_in_ten() {
    Members asking = members(new SurvivorFloor(90));
    MemberSet all = COORDINATOR.all();
    MemberSet nine = COORDINATOR.allBut(10);
    MemberSet eight = COORDINATOR.allBut(9, 10);

    assertThatCode(() -> QuorumCheck.shared(nine, asking)).doesNotThrowAnyException();
    assertThatThrownBy(() -> QuorumCheck.shared(eight, asking))
        .isInstanceOf(LeaveException.class)
        .hasMessage("8 members have shared their keys, must be at least 9");
    assertThatCode(() -> QuorumCheck.survived(new Survivors(all, nine), asking, all))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> QuorumCheck.survived(new Survivors(all, eight), asking, all))
        .isInstanceOf(LeaveException.class)
        .hasMessage("8 members have sent their updates, must be at least 9");
    byte[] digest = COORDINATOR.digest(all, nine);
    assertThatCode(
            () -> QuorumCheck.signed(COORDINATOR.signedBy(SEVEN, digest), asking, nine, digest))
        .as("of those who signed, the threshold is enough")
        .doesNotThrowAnyException();
  }

  @Test
  void seven_signatures_are_enough_and_six_are_not() {
    MemberSet all = COORDINATOR.all();
    byte[] digest = COORDINATOR.digest(all, all);
    assertThatCode(
            () -> QuorumCheck.signed(COORDINATOR.signedBy(SEVEN, digest), members, all, digest))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> QuorumCheck.signed(COORDINATOR.signedBy(SIX, digest), members, all, digest))
        .isInstanceOf(LeaveException.class)
        .hasMessage("6 survivors have signed whose updates are in the sum, must be at least 7");
  }
}
