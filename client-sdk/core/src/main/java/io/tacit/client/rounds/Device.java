package io.tacit.client.rounds;

import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.secagg.RosterTrust;
import io.tacit.client.storage.RoundLatch;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.encoding.RoundingSource;
import io.tacit.protocol.privacy.RandomBits;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device brings into a round, whatever the round is.
 *
 * @param identity who it is
 * @param certificate of its identity, null where the coordinator asks for none
 * @param trust whom it takes for devices
 * @param latch what it may not do again
 * @param random for nonces, keys and shares
 * @param roundings a fresh coin for each encoding
 */
public record Device(
    DeviceIdentity identity,
    @Nullable IdentityCertificate certificate,
    RosterTrust trust,
    RoundLatch latch,
    SecureRandom random,
    Supplier<RoundingSource> roundings) {

  /** A device without a certificate, among such. */
  public Device(
      DeviceIdentity identity,
      RoundLatch latch,
      SecureRandom random,
      Supplier<RoundingSource> roundings) {
    this(identity, null, RosterTrust.inKeysAlone(), latch, random, roundings);
  }

  /** A device whose randomness is secure throughout. */
  public static Device of(DeviceIdentity identity, RoundLatch latch, SecureRandom random) {
    return new Device(identity, latch, random, () -> RandomBits.secure(random));
  }

  /** The same device with what its authority gave it, among devices of such authorities. */
  public Device certified(@Nullable IdentityCertificate ownCertificate, RosterTrust among) {
    return new Device(identity, ownCertificate, among, latch, random, roundings);
  }

  /** Prints who it is only. */
  @Override
  public String toString() {
    return "Device[" + identity.clientId() + "]";
  }
}
