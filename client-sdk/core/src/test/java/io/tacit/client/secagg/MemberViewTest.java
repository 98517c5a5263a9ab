package io.tacit.client.secagg;

import static io.tacit.client.secagg.AdversarialCoordinator.MODEL;
import static io.tacit.client.secagg.AdversarialCoordinator.PLAN;
import static io.tacit.client.secagg.AdversarialCoordinator.round;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.Survivors;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a device finds in the record of a round that it took part in. */
class MemberViewTest {

  private static final ContentHash NEW_MODEL = ContentHash.of(new byte[] {3});
  private static final ContentHash SUM = ContentHash.of(new byte[] {4});
  private static final int SIZE = 10;

  private final AdversarialCoordinator coordinator =
      new AdversarialCoordinator(Suite.CLASSIC, SIZE);
  private final MemberSet u2 = coordinator.allBut(9);
  private final MemberSet u3 = coordinator.allBut(9, 10);
  private final MemberView view;
  private final SignatureSet signatures;

  MemberViewTest() {
    coordinator.share(u2).mask(u2, u3).sign(u2, u3, u3).reveal(u3, u3);
    signatures = coordinator.signatures(u3);
    view = coordinator.device(1).session.view();
  }

  private SessionRecord session() {
    return session(coordinator.roster(), new Survivors(u2, u3), signatures);
  }

  private SessionRecord session(Roster roster, Survivors survivors, SignatureSet signed) {
    return new SessionRecord(
        coordinator.terms.session(), Suite.CLASSIC, roster, survivors, signed, SUM);
  }

  private static RoundRecord record(SessionRecord session) {
    return record(round(1), PLAN, MODEL, NEW_MODEL, session);
  }

  private static RoundRecord record(
      RoundId round, ContentHash plan, ContentHash base, ContentHash made, SessionRecord session) {
    return RoundRecord.of(round, Optional.empty(), plan, base, made, List.of(session));
  }

  private void assertFinding(RoundRecord record, String finding) {
    assertThat(view.contradictionIn(record, NEW_MODEL)).contains(finding);
  }

  @Test
  void finds_nothing_in_a_record_of_what_it_saw() {
    RoundRecord record = record(session());

    assertThat(view.contradictionIn(record, NEW_MODEL)).isEmpty();
    assertThat(record.flaw(new IdentityKeyCache(SIZE))).isEmpty();
    assertThat(view.rosterSize()).isEqualTo(SIZE);
  }

  @Test
  void remembers_what_it_saw_after_its_secrets_are_erased() {
    coordinator.device(1).session.erase();

    assertThat(coordinator.device(1).session.view().contradictionIn(record(session()), NEW_MODEL))
        .isEmpty();
  }

  @Test
  void finds_another_plan_model_or_round() {
    ContentHash other = ContentHash.of(new byte[] {9});
    assertFinding(record(round(2), PLAN, MODEL, NEW_MODEL, session()), "it is of round news#2");
    assertFinding(record(round(1), other, MODEL, NEW_MODEL, session()), "it names another plan");
    assertFinding(
        record(round(1), PLAN, other, NEW_MODEL, session()), "it began with another model");
    assertFinding(record(round(1), PLAN, MODEL, other, session()), "it made another model");
  }

  @Test
  void finds_that_its_session_is_missing_or_another() {
    AdversarialCoordinator other = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    SessionRecord foreign =
        new SessionRecord(
            other.terms.session(),
            Suite.CLASSIC,
            other.roster(),
            new Survivors(u2, u3),
            signatures,
            SUM);
    assertFinding(record(foreign), "this device's session is not in it");
    assertFinding(
        record(
            new SessionRecord(
                coordinator.terms.session(),
                Suite.HYBRID,
                coordinator.roster(),
                new Survivors(u2, u3),
                signatures,
                SUM)),
        "this device's session is of another suite");
  }

  @Test
  void finds_its_own_entry_or_anybodys_altered() {
    List<SignedAdvertisement> entries = new ArrayList<>(coordinator.advertisements());
    entries.set(0, another(1));
    assertFinding(
        record(session(Roster.of(entries, new byte[0]), new Survivors(u2, u3), signatures)),
        "this device's own entry is not as it advertised itself");

    List<SignedAdvertisement> others = new ArrayList<>(coordinator.advertisements());
    others.set(4, another(5));
    assertFinding(
        record(session(Roster.of(others, new byte[0]), new Survivors(u2, u3), signatures)),
        "the roster of this device's session is another");
  }

  private SignedAdvertisement another(int index) {
    return MaskingSession.open(
            coordinator.terms,
            coordinator.device(index).identity,
            null,
            RosterTrust.inKeysAlone(),
            new SecureRandom())
        .advertisement();
  }

  @Test
  void finds_other_survivors_than_it_signed_for() {
    assertFinding(
        record(session(coordinator.roster(), new Survivors(coordinator.all(), u3), signatures)),
        "others have shared their keys");
    assertFinding(
        record(
            session(coordinator.roster(), new Survivors(u2, coordinator.allBut(8, 9)), signatures)),
        "others' updates are in the sum");
  }

  @Test
  void finds_its_update_left_out_where_it_was_not_told_of_the_survivors() {
    AdversarialCoordinator late = new AdversarialCoordinator(Suite.CLASSIC, SIZE).masked();
    MemberSet without = late.allBut(1);
    Survivors survivors = new Survivors(late.all(), without);
    late.sign(late.all(), without, without);
    SessionRecord session =
        new SessionRecord(
            late.terms.session(),
            Suite.CLASSIC,
            late.roster(),
            survivors,
            late.signatures(without),
            SUM);

    assertThat(late.device(1).session.view().contradictionIn(record(session), NEW_MODEL))
        .contains(
            "this device's update is not in the sum, and the coordinator said that it has it");
  }

  /** It was late, and the others' devices are in the coordinator's hands. */
  @Test
  void finds_fewer_survivors_than_its_plan_asks_for() {
    AdversarialCoordinator late =
        new AdversarialCoordinator(Suite.CLASSIC, SIZE, new SurvivorFloor(90)).masked();
    MemberSet eight = late.allBut(9, 10);
    Survivors survivors = new Survivors(late.all(), eight);
    SessionRecord session =
        new SessionRecord(
            late.terms.session(),
            Suite.CLASSIC,
            late.roster(),
            survivors,
            late.signedBy(eight, survivors.digest(late.ctx1())),
            SUM);

    assertThat(late.device(1).session.view().contradictionIn(record(session), NEW_MODEL))
        .contains("too few updates are in the sum, or those of members that shared no keys");
  }

  @Test
  void finds_too_few_signatures() {
    SignatureSet six = new SignatureSet(signatures.signatures().subList(0, 6));
    assertFinding(
        record(session(coordinator.roster(), new Survivors(u2, u3), six)),
        "6 survivors have signed whose updates are in the sum, must be at least 7");
  }

  @Test
  void finds_a_roster_where_it_was_told_of_none() {
    AdversarialCoordinator early = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    SessionRecord session =
        new SessionRecord(
            early.terms.session(),
            Suite.CLASSIC,
            early.roster(),
            new Survivors(u2, u3),
            signatures,
            SUM);

    assertThat(early.device(1).session.view().contradictionIn(record(session), NEW_MODEL))
        .contains("it has a roster, of which this device was never told");
    assertThat(early.device(1).session.view().rosterSize()).isZero();
  }
}
