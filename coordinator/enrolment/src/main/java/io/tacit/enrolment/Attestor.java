package io.tacit.enrolment;

import io.tacit.protocol.crypto.Transcript;
import java.util.Optional;

/**
 * Judges the evidence that a device brings for where its key lives, e.g. a certificate chain of
 * Android's key attestation.
 *
 * <p>Assumes: it is called on many threads at once, and answers within a second: no network.
 */
@FunctionalInterface
public interface Attestor {

  /**
   * Judges evidence.
   *
   * @param evidence as the device sent it; empty if it has none; at most {@link
   *     EnrolmentRequest#EVIDENCE_BYTES_MAX} bytes
   * @param key the key that is to be certified, and that the evidence has to be about
   * @return the level that the evidence proves; empty if it is false, stale or about another key
   */
  Optional<AttestationLevel> judge(byte[] evidence, DeviceKey key);

  /** Asks for no evidence and believes none: all keys are {@link AttestationLevel#NONE}. */
  static Attestor none() {
    return (evidence, key) -> Optional.of(AttestationLevel.NONE);
  }

  /** What evidence about this key has to contain as its challenge, 32 bytes. */
  static byte[] challenge(DeviceKey key) {
    return Transcript.hash("attest", key.toBytes());
  }
}
