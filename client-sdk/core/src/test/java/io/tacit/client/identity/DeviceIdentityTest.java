package io.tacit.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceIdentityTest {

  /** HKDF-SHA-256 of 32 bytes of 7, without salt, for "tacit holdout"; by another program. */
  private static final long SALT_OF_SEVENS = 189264747276422919L;

  @TempDir Path directory;

  private DeviceIdentity open() throws IOException {
    return DeviceIdentity.openOrCreate(DeviceStorage.open(directory), new SecureRandom());
  }

  @Test
  void is_made_once_and_is_the_same_ever_after() throws IOException {
    DeviceIdentity first = open();
    byte[] message = {1, 2, 3};

    assertThat(open().clientId()).isEqualTo(first.clientId());
    assertThat(first.keys().publicKey().verifies(message, open().keys().sign(message))).isTrue();
  }

  @Test
  void two_devices_are_not_the_same() throws IOException {
    DeviceIdentity other =
        DeviceIdentity.openOrCreate(
            DeviceStorage.open(directory.resolve("other")), new SecureRandom());

    assertThat(other.clientId()).isNotEqualTo(open().clientId());
  }

  @Test
  void what_is_held_back_is_decided_for_good_by_a_number_that_nobody_else_knows()
      throws IOException {
    DeviceIdentity identity = open();
    DeviceIdentity other =
        DeviceIdentity.openOrCreate(
            DeviceStorage.open(directory.resolve("other")), new SecureRandom());

    assertThat(open().holdoutSalt()).isEqualTo(identity.holdoutSalt());
    assertThat(other.holdoutSalt()).isNotEqualTo(identity.holdoutSalt());
    byte[] seed = identity.keys().seed();
    for (byte[] known :
        List.of(identity.clientId().toBytes(), identity.keys().publicKey().toBytes(), seed)) {
      assertThat(identity.holdoutSalt()).isNotEqualTo(ByteBuffer.wrap(known).getLong());
    }
  }

  /** A device that changed its mind would train on what it has measured on. */
  @Test
  void the_number_follows_from_the_key_alone() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 7);

    assertThat(DeviceIdentity.of(IdentityKeyPair.fromSeed(seed)).holdoutSalt())
        .isEqualTo(SALT_OF_SEVENS);
  }

  @Test
  void a_damaged_identity_is_an_error_and_never_replaced() throws IOException {
    open();
    Path file = directory.resolve("identity");
    byte[] bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessage(
            file
                + " does not match its checksum; restore it from a backup, or delete it to start"
                + " anew");
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void a_key_of_another_length_is_an_error() throws IOException {
    DeviceStorage.open(directory).write("identity", new byte[31]);

    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("holds 31 bytes, must hold a key of 32");
  }

  @Test
  void is_readable_by_its_owner_only_and_prints_no_secret() throws IOException {
    DeviceIdentity identity = open();

    assertThat(Files.getPosixFilePermissions(directory.resolve("identity")))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(identity).hasToString("DeviceIdentity[" + identity.clientId() + "]");
  }
}
