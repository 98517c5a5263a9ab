package io.tacit.simulation.population;

import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.encoding.RoundingSource;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.privacy.RandomBits;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device draws, and from where.
 *
 * @param random nonces and jitter, which no result depends on
 * @param trainingSeeds one per training
 * @param roundings one source per update
 * @param identity keys that are not stored; null for keys that the device makes and stores
 */
record Draws(
    SecureRandom random,
    LongSupplier trainingSeeds,
    Supplier<RoundingSource> roundings,
    @Nullable IdentityKeyPair identity) {

  private static final SecureRandom SECURE = new SecureRandom();

  /** As on a real device. */
  static Draws secure() {
    return new Draws(SECURE, SECURE::nextLong, () -> RandomBits.secure(SECURE), null);
  }

  /** From a seed and the device's number. */
  static Draws seeded(long seed, int device) {
    SplitMix64 stream = new SplitMix64(new SplitMix64(seed).nextLong() + device);
    byte[] keySeed = new byte[IdentityKeyPair.SEED_LENGTH];
    for (int i = 0; i < keySeed.length; i++) {
      keySeed[i] = (byte) stream.nextLong();
    }
    SplitMix64 training = new SplitMix64(stream.nextLong());
    SplitMix64 rounding = new SplitMix64(stream.nextLong());
    return new Draws(
        SECURE,
        training::nextLong,
        () -> new SplitMix64(rounding.nextLong())::nextDouble,
        IdentityKeyPair.fromSeed(keySeed));
  }

  DeviceIdentity identityIn(DeviceStorage storage) throws IOException {
    return identity == null
        ? DeviceIdentity.openOrCreate(storage, random)
        : DeviceIdentity.of(identity);
  }
}
