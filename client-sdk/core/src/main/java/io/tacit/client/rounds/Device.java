package io.tacit.client.rounds;

import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.privacy.SecureRoundingSource;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.encoding.RoundingSource;
import java.security.SecureRandom;
import java.util.function.Supplier;

/**
 * What a device brings into a round, whatever the round is.
 *
 * @param identity who it is
 * @param latch what it may not do again
 * @param random for nonces
 * @param roundings a fresh coin for each encoding
 */
public record Device(
    DeviceIdentity identity,
    RoundLatch latch,
    SecureRandom random,
    Supplier<RoundingSource> roundings) {

  /** A device whose randomness is secure throughout. */
  public static Device of(DeviceIdentity identity, RoundLatch latch, SecureRandom random) {
    return new Device(identity, latch, random, () -> new SecureRoundingSource(random));
  }

  /** Prints who it is only. */
  @Override
  public String toString() {
    return "Device[" + identity.clientId() + "]";
  }
}
