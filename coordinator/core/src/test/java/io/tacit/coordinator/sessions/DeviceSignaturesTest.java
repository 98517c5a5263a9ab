package io.tacit.coordinator.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.crypto.IdentityKeyPair;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class DeviceSignaturesTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final IdentityKeyPair device = IdentityKeyPair.generate(RANDOM);
  private final byte[] message = bytes("a message");
  private final byte[] signature = device.sign(message);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void passes_a_good_signature_the_first_time_and_again() {
    DeviceSignatures signatures = new DeviceSignatures(10);

    assertThat(signatures.verifies(device.publicKey(), message, signature)).isTrue();
    assertThat(signatures.verifies(device.publicKey(), message, signature)).isTrue();
    assertThat(signatures.remembered()).isEqualTo(1);
  }

  @Test
  void what_is_known_of_one_signature_says_nothing_of_another_key_message_or_signature() {
    DeviceSignatures signatures = new DeviceSignatures(10);
    signatures.verifies(device.publicKey(), message, signature);
    IdentityKeyPair other = IdentityKeyPair.generate(RANDOM);
    byte[] altered = signature.clone();
    altered[63] ^= 1;

    assertThat(signatures.verifies(other.publicKey(), message, signature)).isFalse();
    assertThat(signatures.verifies(device.publicKey(), bytes("a messagf"), signature)).isFalse();
    assertThat(signatures.verifies(device.publicKey(), message, altered)).isFalse();
    assertThat(signatures.verifies(device.publicKey(), message, new byte[0])).isFalse();
    assertThat(signatures.remembered()).isEqualTo(1);
  }

  @Test
  void a_bad_signature_is_not_remembered_and_does_not_pass_the_second_time() {
    DeviceSignatures signatures = new DeviceSignatures(10);

    assertThat(signatures.verifies(device.publicKey(), message, new byte[64])).isFalse();
    assertThat(signatures.verifies(device.publicKey(), message, new byte[64])).isFalse();
    assertThat(signatures.remembered()).isZero();
  }

  @Test
  void forgets_the_oldest_beyond_four_signatures_for_each_member() {
    DeviceSignatures signatures = new DeviceSignatures(2);
    for (int i = 0; i < 20; i++) {
      byte[] next = bytes("message " + i);
      assertThat(signatures.verifies(device.publicKey(), next, device.sign(next))).isTrue();
    }

    assertThat(signatures.remembered()).isEqualTo(8);
    assertThat(
            signatures.verifies(
                device.publicKey(), bytes("message 0"), device.sign(bytes("message 0"))))
        .isTrue();
  }
}
