package io.tacit.client.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.secagg.AdversarialCoordinator.Device;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SealedShares;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.IndexedSignature;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lies of a coordinator that devices find out, one after the other. */
class LyingCoordinatorTest {

  private static final int SIZE = 10;

  private final AdversarialCoordinator coordinator =
      new AdversarialCoordinator(Suite.CLASSIC, SIZE);
  private final Device device = coordinator.device(1);

  private static Step.Leave<?> left(Step<?> step, AbortReason reason) {
    assertThat(step).isInstanceOf(Step.Leave.class);
    Step.Leave<?> leave = (Step.Leave<?>) step;
    assertThat(leave.reason()).as(leave.detail()).isEqualTo(reason);
    return leave;
  }

  private static Roster roster(List<SignedAdvertisement> entries) {
    return Roster.of(entries, new byte[0]);
  }

  private List<SignedAdvertisement> withEntry(int index, SignedAdvertisement entry) {
    List<SignedAdvertisement> entries = new ArrayList<>(coordinator.advertisements());
    entries.set(index - 1, entry);
    return entries;
  }

  private static MaskingSession session(SessionTerms terms, IdentityKeyPair identity) {
    return MaskingSession.open(
        terms, identity, null, RosterTrust.inKeysAlone(), new SecureRandom());
  }

  // ---- the roster ----

  @Test
  void a_threshold_that_is_too_low() throws Exception {
    byte[] lowered =
        io.tacit.protocol.v1.Roster.parseFrom(coordinator.roster().toBytes()).toBuilder()
            .setThreshold(6)
            .build()
            .toByteArray();

    assertThat(left(device.session.acceptRoster(lowered), AbortReason.POLICY_THRESHOLD).detail())
        .isEqualTo("the roster's threshold is 6, must be 7 for 10 devices");
  }

  @Test
  void more_devices_than_the_plan_has_seats_for() {
    SessionTerms terms = coordinator.terms;
    SessionTerms small =
        new SessionTerms(
            terms.session(),
            terms.suite(),
            terms.round(),
            terms.planHash(),
            terms.modelHash(),
            0,
            SIZE,
            SurvivorFloor.THRESHOLD);
    AdversarialCoordinator many =
        new AdversarialCoordinator(small, SIZE + 1, id -> null, RosterTrust.inKeysAlone());

    left(many.device(1).roster(many.roster()), AbortReason.POLICY_COHORT_TOO_SMALL);
  }

  @Test
  void the_two_keys_of_a_member_swapped() throws Exception {
    SignedAdvertisement entry = coordinator.device(4).session.advertisement();
    io.tacit.protocol.v1.Advertisement body =
        io.tacit.protocol.v1.Advertisement.parseFrom(entry.body());
    byte[] swapped =
        body.toBuilder()
            .setChannelKey(body.getMaskKey())
            .setMaskKey(body.getChannelKey())
            .build()
            .toByteArray();

    Step.Leave<?> leave =
        left(
            device.roster(roster(withEntry(4, SignedAdvertisement.of(swapped, entry.signature())))),
            AbortReason.BAD_ENTRY);
    assertThat(leave.accused()).isEqualTo(4);
    assertThat(leave.detail())
        .isEqualTo("entry 4 of the roster was not signed for this session, or is not of its form");
  }

  @Test
  void the_devices_own_key_altered_or_its_entry_left_out() {
    SignedAdvertisement other = session(coordinator.terms, device.identity).advertisement();
    left(device.roster(roster(withEntry(1, other))), AbortReason.ROSTER_EQUIVOCATION);

    List<SignedAdvertisement> without = new ArrayList<>(coordinator.advertisements());
    without.set(1, session(coordinator.terms, coordinator.device(2).identity).advertisement());
    without.set(0, coordinator.device(3).session.advertisement());
    left(coordinator.device(2).roster(roster(without)), AbortReason.ROSTER_EQUIVOCATION);
  }

  @Test
  void a_member_twice_or_the_order_changed() {
    List<SignedAdvertisement> twice = new ArrayList<>(coordinator.advertisements());
    twice.set(6, twice.get(5));
    assertThat(left(device.roster(roster(twice)), AbortReason.BAD_ENTRY).accused()).isEqualTo(7);

    List<SignedAdvertisement> reordered = new ArrayList<>(coordinator.advertisements());
    Collections.swap(reordered, 3, 4);
    assertThat(
            left(coordinator.device(2).roster(roster(reordered)), AbortReason.BAD_ENTRY).accused())
        .isEqualTo(5);
  }

  @Test
  void an_advertisement_of_an_old_session_replayed() {
    AdversarialCoordinator old =
        new AdversarialCoordinator(
            AdversarialCoordinator.terms(Suite.CLASSIC, 0),
            SIZE,
            id -> null,
            RosterTrust.inKeysAlone());

    left(
        device.roster(roster(withEntry(10, old.device(10).session.advertisement()))),
        AbortReason.MODEL_HASH_MISMATCH);
  }

  @Test
  void a_bit_of_an_entry_flipped() {
    SignedAdvertisement entry = coordinator.device(3).session.advertisement();
    byte[] body = entry.body();
    body[body.length - 1] ^= 1;

    assertThat(
            left(
                    device.roster(
                        roster(withEntry(3, SignedAdvertisement.of(body, entry.signature())))),
                    AbortReason.BAD_ENTRY)
                .accused())
        .isEqualTo(3);
  }

  @Test
  void bytes_that_are_no_roster() {
    left(device.session.acceptRoster(new byte[] {1, 2, 3}), AbortReason.BAD_PUBLICATION);
  }

  // ---- the inbox ----

  private Inbox inboxWith(ShareBox box) {
    Inbox inbox = coordinator.inbox(1, coordinator.all());
    List<ShareBox> boxes = new ArrayList<>(inbox.boxes());
    for (int i = 0; i < boxes.size(); i++) {
      if (boxes.get(i).peer() == box.peer()) {
        boxes.set(i, box);
      }
    }
    return new Inbox(inbox.u2(), boxes);
  }

  @Test
  void shares_that_were_tampered_with() {
    coordinator.share(coordinator.all());
    ShareBox box = coordinator.sharesOf(6).boxFor(1);
    byte[] sealed = box.shares().sealed();
    sealed[40] ^= 1;
    ShareBox tampered =
        new ShareBox(
            6, new SealedShares(box.shares().channelCiphertext(), sealed), box.maskCiphertext());

    Step.Leave<?> leave = left(device.inbox(inboxWith(tampered)), AbortReason.BAD_SHARE);
    assertThat(leave.accused()).isEqualTo(6);
    assertThat(device.masked).isNull();
    assertThat(device.update.toBytes()).hasSize(4 * device.plain.length);
  }

  @Test
  void a_mask_ciphertext_that_was_tampered_with() {
    AdversarialCoordinator hybrid = new AdversarialCoordinator(Suite.HYBRID, SIZE);
    hybrid.share(hybrid.all());
    ShareBox box = hybrid.sharesOf(2).boxFor(10);
    byte[] ciphertext = box.maskCiphertext();
    ciphertext[500] ^= 1;
    Inbox inbox = hybrid.inbox(10, hybrid.all());
    List<ShareBox> boxes = new ArrayList<>(inbox.boxes());
    boxes.set(1, new ShareBox(2, box.shares(), ciphertext));

    // ML-KEM would not say so; what seals the shares does.
    assertThat(
            left(hybrid.device(10).inbox(new Inbox(inbox.u2(), boxes)), AbortReason.BAD_SHARE)
                .accused())
        .isEqualTo(2);
  }

  @Test
  void shares_of_another_member_and_shares_for_another_one() {
    coordinator.share(coordinator.all());
    ShareBox ofAnother = coordinator.sharesOf(5).boxFor(1);
    ShareBox forAnother = coordinator.sharesOf(6).boxFor(2);

    left(
        device.inbox(inboxWith(new ShareBox(6, ofAnother.shares(), ofAnother.maskCiphertext()))),
        AbortReason.BAD_SHARE);
    left(
        coordinator
            .device(3)
            .inbox(
                new Inbox(
                    coordinator.all(),
                    replaced(coordinator.inbox(3, coordinator.all()).boxes(), forAnother))),
        AbortReason.BAD_SHARE);
  }

  private static List<ShareBox> replaced(List<ShareBox> boxes, ShareBox by) {
    List<ShareBox> replaced = new ArrayList<>(boxes);
    replaced.replaceAll(
        box ->
            box.peer() == by.peer()
                ? new ShareBox(by.peer(), by.shares(), by.maskCiphertext())
                : box);
    return replaced;
  }

  @Test
  void shares_of_an_old_session_replayed() {
    AdversarialCoordinator old = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    old.share(old.all());
    coordinator.share(coordinator.all());

    left(
        device.inbox(new Inbox(coordinator.all(), old.inbox(1, old.all()).boxes())),
        AbortReason.BAD_SHARE);
  }

  @Test
  void an_inbox_with_a_box_too_few() {
    coordinator.share(coordinator.all());
    Inbox whole = coordinator.inbox(1, coordinator.all());
    Inbox torn = new Inbox(whole.u2(), whole.boxes().subList(0, 8));

    left(device.inbox(torn), AbortReason.BAD_PUBLICATION);
  }

  // ---- survivors and their signatures ----

  private void signAll() {
    coordinator.masked().sign(coordinator.all(), coordinator.all(), coordinator.all());
  }

  private SignatureSet first(int count) {
    return new SignatureSet(
        coordinator.signatures(coordinator.all()).signatures().subList(0, count));
  }

  /**
   * All ten have sent, and it shows each device fewer: with less noise in the sum than was planned.
   */
  @Test
  void fewer_survivors_than_the_plan_asks_for() {
    AdversarialCoordinator asking =
        new AdversarialCoordinator(Suite.CLASSIC, SIZE, new SurvivorFloor(90)).masked();
    for (int index = 1; index <= SIZE; index++) {
      MemberSet fewer = asking.allBut(index % SIZE + 1, (index + 1) % SIZE + 1);
      Device refusing = asking.device(index);
      int sent = refusing.wire.size();

      assertThat(
              left(
                      refusing.survivors(new Survivors(asking.all(), fewer)),
                      AbortReason.POLICY_THRESHOLD)
                  .detail())
          .isEqualTo("8 members have sent their updates, must be at least 9");
      // Nor does it sign for anything else then, or reveal.
      left(
          refusing.survivors(new Survivors(asking.all(), asking.all())),
          AbortReason.BAD_PUBLICATION);
      left(
          refusing.signatures(asking.signedBy(asking.all(), asking.digest(asking.all(), fewer))),
          AbortReason.BAD_PUBLICATION);
      assertThat(refusing.wire.size()).isEqualTo(sent);
    }
  }

  @Test
  void a_signature_too_few() {
    signAll();
    assertThat(left(device.signatures(first(6)), AbortReason.SIG_QUORUM).detail())
        .isEqualTo("6 survivors have signed whose updates are in the sum, must be at least 7");
    assertThat(device.revealed).isNull();
  }

  @Test
  void as_many_signatures_as_it_takes_are_enough() {
    signAll();
    assertThat(device.signatures(first(7))).isInstanceOf(Step.Send.class);
  }

  @Test
  void a_signer_twice() throws Exception {
    signAll();
    SignatureSet six = first(6);
    byte[] twice =
        io.tacit.protocol.v1.SignatureSet.parseFrom(six.toBytes()).toBuilder()
            .addSignatures(
                io.tacit.protocol.v1.SignatureSet.parseFrom(six.toBytes()).getSignatures(5))
            .build()
            .toByteArray();

    left(device.session.acceptSignatures(twice), AbortReason.BAD_PUBLICATION);
  }

  @Test
  void a_signer_who_is_no_survivor() {
    MemberSet u2 = coordinator.all();
    MemberSet u3 = MemberSet.of(SIZE, 1, 2, 3, 4, 5, 6, 7);
    coordinator.masked().sign(u2, u3, u3);
    // Six of U3, and two others, who are in the coordinator's hands and sign whatever it wants.
    SignatureSet signatures =
        coordinator.signedBy(
            MemberSet.of(SIZE, 1, 2, 3, 4, 5, 6, 8, 9), coordinator.digest(u2, u3));

    left(device.signatures(signatures), AbortReason.SIG_QUORUM);
  }

  @Test
  void signatures_for_other_survivors_or_of_an_old_session() {
    signAll();
    MemberSet others = coordinator.allBut(10);
    left(
        device.signatures(
            coordinator.signedBy(coordinator.all(), coordinator.digest(coordinator.all(), others))),
        AbortReason.SIG_QUORUM);

    AdversarialCoordinator old = new AdversarialCoordinator(Suite.CLASSIC, SIZE).masked();
    old.sign(old.all(), old.all(), old.all());
    left(coordinator.device(2).signatures(old.signatures(old.all())), AbortReason.SIG_QUORUM);
  }

  @Test
  void a_signature_in_the_name_of_another() {
    signAll();
    byte[] digest = coordinator.digest(coordinator.all(), coordinator.all());
    List<IndexedSignature> signatures = new ArrayList<>(first(6).signatures());
    signatures.add(SurvivorSignature.sign(digest, coordinator.device(1).identity).indexed(7));

    left(device.signatures(new SignatureSet(signatures)), AbortReason.SIG_QUORUM);
  }

  // ---- the order ----

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void stages_left_out(Suite suite) {
    AdversarialCoordinator session = new AdversarialCoordinator(suite, SIZE);
    session.share(session.all());
    MemberSet all = session.all();
    byte[] digest = session.digest(all, all);

    left(session.device(1).survivors(new Survivors(all, all)), AbortReason.BAD_PUBLICATION);
    left(session.device(2).signatures(session.signedBy(all, digest)), AbortReason.BAD_PUBLICATION);
    left(session.device(3).session.acceptSignatures(new byte[0]), AbortReason.BAD_PUBLICATION);
    assertThat(session.device(1).wire.size())
        .isEqualTo(
            session.device(1).session.advertisement().toRecord().length
                + AdversarialCoordinator.sent(session.device(1).shares).toRecord().length);
  }

  @Test
  void nothing_secret_is_printed() {
    signAll();
    assertThat(device.session.toString())
        .isEqualTo("MaskingSession[" + coordinator.terms.session() + ", SIGNED]");
    assertThat(Reflection.field(device.session, "secrets").toString())
        .isEqualTo("SessionSecrets[CLASSIC]");
    assertThat(new Step.Send<>(new byte[] {42}).toString()).isEqualTo("Send[byte[]]");
  }
}
