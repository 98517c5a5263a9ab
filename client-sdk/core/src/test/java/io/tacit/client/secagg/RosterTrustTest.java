package io.tacit.client.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.session.Roster;
import io.tacit.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom a device takes for a device, where the app pins an authority. */
class RosterTrustTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));
  private static final int SIZE = 10;
  private static final int ODD = 3;

  private final Authority authority = new Authority();
  private final Authority foreign = new Authority();
  private final SettableClock clock = SettableClock.at(NOW);
  private final RosterTrust trust = RosterTrust.in(List.of(authority.keys.publicKey()), clock);

  /** By index; what the odd one of them has is what a test says. */
  private AdversarialCoordinator devices(
      BiFunction<IdentityKeyPair, IdentityCertificate, IdentityCertificate> odd) {
    // The index of a device is known when all have keys; so all get theirs, and one another.
    List<IdentityCertificate> given = new ArrayList<>();
    AdversarialCoordinator coordinator =
        new AdversarialCoordinator(
            AdversarialCoordinator.terms(Suite.CLASSIC, 0),
            SIZE,
            identity -> {
              IdentityCertificate own = authority.certify(identity, LATER);
              IdentityCertificate certificate =
                  given.size() == ODD ? odd.apply(identity, own) : own;
              given.add(certificate);
              oddOne = given.size() - 1 == ODD ? identity : oddOne;
              return certificate;
            },
            trust);
    return coordinator;
  }

  private @Nullable IdentityKeyPair oddOne;

  private int oddIndex(AdversarialCoordinator coordinator) {
    for (int index = 1; index <= SIZE; index++) {
      if (coordinator.device(index).identity == oddOne) {
        return index;
      }
    }
    throw new AssertionError("the odd one is not on the roster");
  }

  private static Step<?> shown(AdversarialCoordinator coordinator, byte[] revocationList) {
    return coordinator.device(1).roster(Roster.of(coordinator.advertisements(), revocationList));
  }

  private byte[] freshList(IdentityCertificate... revoked) {
    return authority.revocationList(NOW.minus(Duration.ofHours(23)), revoked);
  }

  private void assertBadEntry(AdversarialCoordinator coordinator, byte[] list, String what) {
    Step<?> step = shown(coordinator, list);
    int index = oddIndex(coordinator);
    assertThat(step)
        .isEqualTo(new Step.Leave<>(AbortReason.BAD_ENTRY, index, "member " + index + " " + what));
  }

  private static void assertNoList(Step<?> step, String detail) {
    assertThat(step).isEqualTo(new Step.Leave<>(AbortReason.REVOCATION_LIST, 0, detail));
  }

  @Test
  void takes_devices_with_certificates_of_the_pinned_authority() {
    assertThat(shown(devices((identity, own) -> own), freshList())).isInstanceOf(Step.Send.class);
  }

  @Test
  void takes_no_device_without_a_certificate() {
    assertBadEntry(devices((identity, own) -> null), freshList(), "has no certificate of its key");
  }

  @Test
  void takes_no_certificate_of_another_device() {
    IdentityCertificate stolen =
        authority.certify(IdentityKeyPair.generate(new java.security.SecureRandom()), LATER);
    assertBadEntry(
        devices((identity, own) -> stolen), freshList(), "has no certificate of its key");
  }

  @Test
  void takes_no_certificate_of_a_foreign_authority() {
    assertBadEntry(
        devices((identity, own) -> foreign.certify(identity, LATER)),
        freshList(),
        "has a certificate of another authority than the revocation list");
  }

  @Test
  void takes_no_certificate_that_has_expired() {
    assertBadEntry(
        devices((identity, own) -> authority.certify(identity, NOW.minusSeconds(1))),
        freshList(),
        "has a certificate that has expired");
  }

  @Test
  void takes_no_certificate_that_is_revoked() {
    List<IdentityCertificate> revoked = new ArrayList<>();
    AdversarialCoordinator coordinator =
        devices(
            (identity, own) -> {
              revoked.add(own);
              return own;
            });
    assertBadEntry(coordinator, freshList(revoked.get(0)), "has a certificate that is revoked");
  }

  @Test
  void asks_for_a_list_of_the_last_day_of_the_same_authority() {
    assertNoList(
        shown(devices((identity, own) -> own), new byte[0]),
        "the roster's revocation list of 0 bytes is signed by none of the 1 authorities that the"
            + " app pins");
    byte[] others = foreign.revocationList(NOW);
    assertNoList(
        shown(devices((identity, own) -> own), others),
        "the roster's revocation list of "
            + others.length
            + " bytes is signed by none of the 1 authorities that the app pins");
    assertNoList(
        shown(
            devices((identity, own) -> own),
            authority.revocationList(NOW.minus(Duration.ofHours(24)).minusSeconds(60))),
        "the roster's revocation list is 1441 minutes old, must be at most 1440; check the clock of"
            + " this device");
    assertThat(
            shown(
                devices((identity, own) -> own),
                authority.revocationList(NOW.minus(Duration.ofHours(24)))))
        .isInstanceOf(Step.Send.class);
  }

  @Test
  void while_authorities_are_changed_the_list_says_which_one_counts() {
    AdversarialCoordinator coordinator =
        new AdversarialCoordinator(
            AdversarialCoordinator.terms(Suite.CLASSIC, 0),
            SIZE,
            identity -> foreign.certify(identity, LATER),
            RosterTrust.in(List.of(authority.keys.publicKey(), foreign.keys.publicKey()), clock));

    assertThat(shown(coordinator, foreign.revocationList(NOW))).isInstanceOf(Step.Send.class);
  }

  @Test
  void without_an_authority_whoever_has_a_key_is_a_device_and_that_is_said() {
    assertThat(RosterTrust.inKeysAlone().hasAuthority()).isFalse();
    assertThat(trust.hasAuthority()).isTrue();
    assertThatThrownBy(() -> RosterTrust.in(List.of(), clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no authorities, must be at least one");
  }
}
