package io.tacit.enrolment;

import io.tacit.protocol.crypto.IdentityKeyPair;
import java.util.Optional;

/** Believes whoever signs the challenge with a key that stands in these sources. For tests. */
final class InsecureSoftwareAttestor implements Attestor {

  private static final IdentityKeyPair VENDOR =
      IdentityKeyPair.fromSeed(new byte[IdentityKeyPair.SEED_LENGTH]);

  static byte[] evidence(DeviceKey key) {
    return VENDOR.sign(Attestor.challenge(key));
  }

  @Override
  public Optional<AttestationLevel> judge(byte[] evidence, DeviceKey key) {
    if (evidence.length == 0) {
      return Optional.of(AttestationLevel.NONE);
    }
    return VENDOR.publicKey().verifies(Attestor.challenge(key), evidence)
        ? Optional.of(AttestationLevel.SOFTWARE)
        : Optional.empty();
  }
}
