package io.tacit.client.secagg;

import static io.tacit.client.secagg.AdversarialCoordinator.assertNoBothKinds;
import static io.tacit.client.secagg.AdversarialCoordinator.find;
import static io.tacit.client.secagg.AdversarialCoordinator.heldBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.secagg.AdversarialCoordinator.Device;
import io.tacit.client.storage.Charge;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.ShareBox;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.session.SignedKeyShares;
import io.tacit.protocol.session.SignedRevealedShares;
import io.tacit.protocol.session.SurvivorSignature;
import io.tacit.protocol.session.Survivors;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device holds to, whatever its coordinator does: the invariants I1 to I10. */
class InvariantsTest {

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

  /** A device that has left answers nothing any more, not even what it answered before. */
  private void assertErased() {
    left(device.session.acceptRoster(coordinator.roster().toBytes()), AbortReason.BAD_PUBLICATION);
    assertThat(device.session.toString()).endsWith("ERASED]");
  }

  private static <T> T sent(Step<T> step) {
    assertThat(step).isInstanceOf(Step.Send.class);
    return ((Step.Send<T>) step).message();
  }

  @Test
  void i1_of_each_member_at_most_one_kind_of_share_ever_leaves() {
    MemberSet u2 = coordinator.all();
    MemberSet u3 = coordinator.allBut(9, 10);
    coordinator.masked();
    byte[][] ofMask = heldBy(device, "maskShares");
    byte[][] ofSelf = heldBy(device, "selfShares");
    coordinator.sign(u2, u3, u3);
    SignatureSet signatures = coordinator.signatures(u3);
    SignedRevealedShares revealed = sent(device.signatures(signatures));

    // What has left is one share of each, by every byte that has left.
    byte[] wire = device.wire.toByteArray();
    for (int member = 1; member <= SIZE; member++) {
      assertThat(find(ofSelf[member], wire).isPresent()).isEqualTo(u3.contains(member));
      assertThat(find(ofMask[member], wire).isPresent()).isEqualTo(!u3.contains(member));
    }

    // The same again brings the same again; another survivor set, with as many signatures as the
    // coordinator can have, brings nothing and ends it.
    assertThat(sent(device.session.acceptSignatures(signatures.toBytes()))).isSameAs(revealed);
    MemberSet other = coordinator.allBut(8, 9);
    left(device.survivors(new Survivors(u2, other)), AbortReason.SURVIVOR_EQUIVOCATION);
    left(
        device.signatures(coordinator.signedBy(other, coordinator.digest(u2, other))),
        AbortReason.BAD_PUBLICATION);
    assertNoBothKinds(device, ofMask, ofSelf);
    assertErased();
  }

  @Test
  void i2_signs_one_survivor_set_and_no_other() {
    MemberSet u2 = coordinator.all();
    coordinator.masked();
    SurvivorSignature first = sent(device.survivors(new Survivors(u2, coordinator.allBut(10))));

    assertThat(sent(device.survivors(new Survivors(u2, coordinator.allBut(10))))).isSameAs(first);
    left(
        device.survivors(new Survivors(u2, coordinator.allBut(9))),
        AbortReason.SURVIVOR_EQUIVOCATION);
    assertErased();
  }

  @Test
  void i3_masks_one_update_once_and_brings_it_to_no_second_session(@TempDir Path directory)
      throws IOException {
    coordinator.share(coordinator.all());
    Inbox inbox = coordinator.inbox(1, coordinator.all());
    byte[] masked = sent(device.inbox(inbox));
    assertThat(sent(device.inbox(inbox))).isSameAs(masked);

    // Another session, in which the device has the same update: it is nowhere in the clear.
    AdversarialCoordinator again = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    again.share(again.all());
    assertThatThrownBy(
            () ->
                again
                    .device(1)
                    .session
                    .acceptInbox(again.inbox(1, again.all()).toBytes(), device.update))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the update's lanes were taken; encode it again");

    // Nor does an update that was trained once more leave: (plan, round) is spent, on disk. What
    // RoundParticipant makes of it, SecureRoundTest tells.
    RoundLatch latch = new RoundLatch(DeviceStorage.open(directory));
    assertThat(spend(latch, AdversarialCoordinator.round(1))).isTrue();
    RoundLatch afterRestart = new RoundLatch(DeviceStorage.open(directory));
    assertThat(spend(afterRestart, AdversarialCoordinator.round(1))).isFalse();
    assertThat(spend(afterRestart, AdversarialCoordinator.round(2))).isTrue();
    assertThat(spend(afterRestart, AdversarialCoordinator.round(1))).isFalse();

    // And another inbox ends the session.
    left(
        device.inbox(coordinator.inbox(1, coordinator.allBut(7))),
        AbortReason.SURVIVOR_EQUIVOCATION);
    assertErased();
  }

  @Test
  void i4_takes_one_roster_and_one_set_of_those_who_shared() {
    SignedKeyShares shares = sent(device.roster(coordinator.roster()));
    assertThat(sent(device.roster(coordinator.roster()))).isSameAs(shares);

    List<SignedAdvertisement> others = new ArrayList<>(coordinator.advertisements());
    others.remove(9);
    left(
        device.session.acceptRoster(Roster.of(others, new byte[0]).toBytes()),
        AbortReason.ROSTER_EQUIVOCATION);
    assertErased();

    // U2 again, with the survivors: it must be the one that the inbox named.
    AdversarialCoordinator second = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    second.masked();
    left(
        second.device(1).survivors(new Survivors(second.allBut(10), second.allBut(10))),
        AbortReason.SURVIVOR_EQUIVOCATION);
  }

  @Test
  void i5_seals_one_text_with_a_key_in_its_life() {
    SignedKeyShares shares = sent(device.roster(coordinator.roster()));
    assertThat(sent(device.roster(coordinator.roster())).toRecord()).isEqualTo(shares.toRecord());

    // A session anew, of the same device on the same terms: no key, ciphertext or nonce is the
    // same.
    MaskingSession restarted =
        MaskingSession.open(
            coordinator.terms,
            device.identity,
            null,
            RosterTrust.inKeysAlone(),
            new SecureRandom());
    assertThat(restarted.advertisement().body())
        .isNotEqualTo(device.session.advertisement().body());
    List<SignedAdvertisement> entries = new ArrayList<>(coordinator.advertisements());
    entries.set(0, restarted.advertisement());
    Roster roster = Roster.of(entries, new byte[0]);
    SignedKeyShares anew = sent(restarted.acceptRoster(roster.toBytes()));
    List<ShareBox> before = coordinator.sharesOf(1).boxes();
    List<ShareBox> after =
        anew.open(
                Suite.CLASSIC,
                roster.context(coordinator.terms.context()),
                SIZE,
                1,
                device.identity.publicKey())
            .orElseThrow()
            .boxes();
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i).shares().sealed()).isNotEqualTo(before.get(i).shares().sealed());
    }
    // Whoever restarts has forgotten the session: what the old roster got, the new session refuses.
    left(restarted.acceptRoster(coordinator.roster().toBytes()), AbortReason.ROSTER_EQUIVOCATION);
  }

  @Test
  void i6_is_enough_at_every_stage_or_leaves() {
    int threshold = coordinator.threshold();
    assertThat(threshold).isEqualTo(7);

    AdversarialCoordinator nine = new AdversarialCoordinator(Suite.CLASSIC, 9);
    left(nine.device(1).roster(nine.roster()), AbortReason.POLICY_COHORT_TOO_SMALL);

    AdversarialCoordinator six = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    six.share(six.all());
    left(
        six.device(1).inbox(six.inbox(1, MemberSet.of(SIZE, 1, 2, 3, 4, 5, 6))),
        AbortReason.POLICY_THRESHOLD);

    AdversarialCoordinator without = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    without.share(without.all());
    left(without.device(1).inbox(without.inbox(1, without.allBut(1))), AbortReason.NOT_IN_U2);

    coordinator.masked();
    left(
        device.survivors(new Survivors(coordinator.all(), MemberSet.of(SIZE, 1, 2, 3, 4, 5, 6))),
        AbortReason.POLICY_THRESHOLD);
    assertErased();

    AdversarialCoordinator more = new AdversarialCoordinator(Suite.CLASSIC, SIZE);
    MemberSet u2 = more.allBut(10);
    more.share(u2).mask(u2, u2);
    left(
        more.device(1).survivors(new Survivors(u2, more.allBut(9))),
        AbortReason.SURVIVOR_EQUIVOCATION);
  }

  @Test
  void i7_every_entry_was_signed_for_the_same_plan_model_and_round() {
    ContentHash crafted = ContentHash.of(new byte[] {66});
    SessionTerms terms = coordinator.terms;
    List<SessionTerms> lies =
        List.of(
            new SessionTerms(
                terms.session(),
                terms.suite(),
                terms.round(),
                crafted,
                terms.modelHash(),
                0,
                128,
                terms.survivors()),
            new SessionTerms(
                terms.session(),
                terms.suite(),
                terms.round(),
                terms.planHash(),
                crafted,
                0,
                128,
                terms.survivors()),
            new SessionTerms(
                terms.session(),
                terms.suite(),
                AdversarialCoordinator.round(2),
                terms.planHash(),
                terms.modelHash(),
                0,
                128,
                terms.survivors()),
            AdversarialCoordinator.terms(Suite.CLASSIC, 0));
    for (SessionTerms lie : lies) {
      AdversarialCoordinator honest =
          new AdversarialCoordinator(terms, SIZE, id -> null, RosterTrust.inKeysAlone());
      List<SignedAdvertisement> entries = new ArrayList<>(honest.advertisements());
      entries.set(
          4,
          MaskingSession.open(
                  lie,
                  honest.device(5).identity,
                  null,
                  RosterTrust.inKeysAlone(),
                  new SecureRandom())
              .advertisement());

      Step.Leave<?> leave =
          left(
              honest.device(1).roster(Roster.of(entries, new byte[0])),
              AbortReason.MODEL_HASH_MISMATCH);
      assertThat(leave.accused()).isZero();
      assertThat(leave.detail())
          .isEqualTo(
              "member 5 has signed for another session, plan, model or round than this device");
    }
  }

  @Test
  void i8_nothing_secret_is_left_in_memory_when_the_session_is_over() {
    for (Suite suite : List.of(Suite.CLASSIC, Suite.HYBRID)) {
      for (int stage = 0; stage <= 4; stage++) {
        assertErasedAt(suite, stage);
      }
    }
  }

  private static void assertErasedAt(Suite suite, int stage) {
    AdversarialCoordinator session = new AdversarialCoordinator(suite, SIZE);
    MemberSet all = session.all();
    Device one = session.device(1);
    Object secrets = Reflection.field(one.session, "secrets");
    if (stage >= 1) {
      session.share(all);
    }
    if (stage >= 2) {
      session.mask(all, all);
    }
    if (stage >= 3) {
      session.sign(all, all, all);
    }
    Map<Object, String> arrays = Reflection.arrays(secrets);
    assertThat(arrays)
        .as("there is something to erase")
        .anySatisfy(
            (array, path) -> {
              assertThat(isPublic(path)).isFalse();
              assertThat(isZero(array)).isFalse();
            });
    if (stage >= 4) {
      session.reveal(all, all);
    } else {
      // Any lie ends it.
      left(one.session.acceptSignatures(new byte[] {1}), AbortReason.BAD_PUBLICATION);
    }
    arrays.forEach(
        (array, path) -> {
          if (!isPublic(path)) {
            assertThat(isZero(array))
                .as("%s holds something after stage %s of suite %s", path, stage, suite)
                .isTrue();
          }
        });
  }

  /** Public keys, what everybody was sent, and what ML-KEM's private key has of its public one. */
  private static boolean isPublic(String path) {
    return path.endsWith("publicKey")
        || path.endsWith("ctx1")
        || path.endsWith("ciphertext")
        || path.contains(".peerKey.")
        || path.endsWith(".t")
        || path.endsWith(".rho")
        || path.endsWith(".hpk");
  }

  private static boolean isZero(Object array) {
    return array instanceof byte[] bytes
        ? Arrays.equals(bytes, new byte[bytes.length])
        : array instanceof int[] ints
            ? Arrays.equals(ints, new int[ints.length])
            : !(array instanceof long[] longs) || Arrays.equals(longs, new long[longs.length]);
  }

  @Test
  void i9_a_device_that_is_said_to_have_dropped_out_though_it_sent_reveals_nothing() {
    MemberSet u2 = coordinator.all();
    MemberSet u3 = coordinator.allBut(1);
    coordinator.masked();
    byte[][] ofMask = heldBy(device, "maskShares");
    byte[][] ofSelf = heldBy(device, "selfShares");

    left(device.survivors(new Survivors(u2, u3)), AbortReason.NOT_IN_U3);
    coordinator.sign(u2, u3, u3);
    left(device.signatures(coordinator.signatures(u3)), AbortReason.BAD_PUBLICATION);

    byte[] wire = device.wire.toByteArray();
    for (int member = 1; member <= SIZE; member++) {
      assertThat(find(ofMask[member], wire)).isEmpty();
      assertThat(find(ofSelf[member], wire)).isEmpty();
    }
    assertErased();
  }

  private static boolean spend(RoundLatch latch, RoundId round) throws IOException {
    return latch.spend(round, Charge.WITHOUT_NOISE, 100, null, () -> true);
  }

  /** Whether a plan is signed, PlanTrustTest tells; here is what it may not become. */
  @Test
  void i10_follows_no_older_or_ended_plan_no_earlier_round_and_no_smaller_session_than_planned(
      @TempDir Path directory) throws IOException {
    Instant end = Instant.parse("2026-12-24T12:00:00Z");
    RoundLatch latch =
        new RoundLatch(
            DeviceStorage.open(directory), Clock.fixed(end.plusSeconds(1), ZoneOffset.UTC));
    assertThat(latch.see(AdversarialCoordinator.round(1).plan(), 3)).isTrue();
    assertThat(latch.see(AdversarialCoordinator.round(1).plan(), 2)).isFalse();
    assertThat(latch.hasEnded(AdversarialCoordinator.round(1).plan(), 3, end)).isTrue();
    assertThat(spend(latch, AdversarialCoordinator.round(5))).isTrue();
    assertThat(spend(latch, AdversarialCoordinator.round(4))).isFalse();

    AdversarialCoordinator planned =
        new AdversarialCoordinator(
            AdversarialCoordinator.terms(Suite.CLASSIC, 12),
            11,
            identity -> null,
            RosterTrust.inKeysAlone());
    Step.Leave<?> leave =
        left(planned.device(1).roster(planned.roster()), AbortReason.POLICY_COHORT_TOO_SMALL);
    assertThat(leave.detail()).isEqualTo("the roster has 11 devices, must have 12 to 128");
  }
}
