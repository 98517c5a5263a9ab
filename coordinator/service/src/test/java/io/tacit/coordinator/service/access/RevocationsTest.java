package io.tacit.coordinator.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.RevocationList;
import io.tacit.enrolment.RevocationReason;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.testing.SettableClock;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that an authority elsewhere publishes, brought here as a file. */
class RevocationsTest {

  @TempDir Path directory;

  private final TestAuthority authority = TestAuthority.create(SettableClock.create());

  private Path file() {
    return directory.resolve("list.crl");
  }

  private Revocations opened() {
    return new Revocations(new PublishedList(file(), authority.authority().rootCertificate()));
  }

  private RevocationList publish() throws Exception {
    RevocationList list = authority.authority().revocationList();
    Files.write(file(), list.toDer());
    return list;
  }

  @Test
  void a_newer_list_is_seen_and_an_older_one_is_not_taken_back() throws Exception {
    RevocationList first = publish();
    Revocations revocations = opened();
    DeviceCertificate device = authority.certify(IdentityKeyPair.generate(new SecureRandom()));
    authority.authority().revoke(device.serial(), RevocationReason.KEY_COMPROMISE);
    publish();

    revocations.refresh();
    assertThat(revocations.get().isRevoked(device.serial())).isTrue();

    Files.write(file(), first.toDer());
    revocations.refresh();
    assertThat(revocations.get().isRevoked(device.serial())).isTrue();
  }

  @Test
  void a_missing_or_foreign_list_is_told_and_the_list_before_stays() throws Exception {
    assertThatThrownBy(this::opened)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot read revocation list " + file() + " (" + file() + ")");
    RevocationList list = publish();
    Revocations revocations = opened();
    byte[] foreign =
        TestAuthority.create(SettableClock.create()).authority().revocationList().toDer();
    Files.write(file(), foreign);

    assertThatThrownBy(revocations::refresh)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "cannot read revocation list %s (it has %d bytes and is no revocation list that"
                    .formatted(file(), foreign.length)
                + " authority %s has signed)"
                    .formatted(authority.authority().rootCertificate().fingerprint()));
    assertThat(revocations.get().toDer()).isEqualTo(list.toDer());
  }
}
