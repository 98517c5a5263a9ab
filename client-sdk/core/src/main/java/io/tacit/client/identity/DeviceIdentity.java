package io.tacit.client.identity;

import io.tacit.client.storage.CorruptFileException;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.KeyDerivation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lasting identity of a device.
 *
 * <p>Guarantee: once made, an identity is never replaced silently; a damaged one is an error. The
 * key file is readable by its owner only, where the file system can express that. Assumes: the
 * app's private storage is private. Immutable and thread-safe.
 */
public final class DeviceIdentity {

  private static final String FILE = "identity";
  private static final byte[] HOLDOUT = "tacit holdout".getBytes(StandardCharsets.US_ASCII);

  private final IdentityKeyPair keys;

  private DeviceIdentity(IdentityKeyPair keys) {
    this.keys = keys;
  }

  /** An identity that is not stored, for virtual devices. */
  public static DeviceIdentity of(IdentityKeyPair keys) {
    return new DeviceIdentity(keys);
  }

  /**
   * The device's identity, made on first use and on disk before it is returned.
   *
   * @throws CorruptFileException if there is one that can not be read
   * @throws IOException if the storage fails
   */
  public static DeviceIdentity openOrCreate(DeviceStorage storage, SecureRandom random)
      throws IOException {
    return storage.exclusively(
        () -> {
          Optional<byte[]> seed = storage.read(FILE, IdentityKeyPair.SEED_LENGTH);
          if (seed.isPresent()) {
            return new DeviceIdentity(fromSeed(storage, seed.get()));
          }
          IdentityKeyPair keys = IdentityKeyPair.generate(random);
          storage.write(FILE, keys.seed());
          return new DeviceIdentity(keys);
        });
  }

  private static IdentityKeyPair fromSeed(DeviceStorage storage, byte[] seed)
      throws CorruptFileException {
    if (seed.length != IdentityKeyPair.SEED_LENGTH) {
      throw new CorruptFileException(
          storage.file(FILE),
          "holds " + seed.length + " bytes, must hold a key of " + IdentityKeyPair.SEED_LENGTH);
    }
    return IdentityKeyPair.fromSeed(seed);
  }

  /** The device's pseudonym. */
  public ClientId clientId() {
    return keys.publicKey().clientId();
  }

  /** The key pair, for signing. */
  public IdentityKeyPair keys() {
    return keys;
  }

  /**
   * A secret number that decides what is held back on this device: the same for the life of the
   * identity, and nothing that the coordinator could compute.
   */
  public long holdoutSalt() {
    byte[] seed = keys.seed();
    byte[] key = KeyDerivation.extract(new byte[0], seed);
    long salt = ByteBuffer.wrap(KeyDerivation.expand(key, HOLDOUT, Long.BYTES)).getLong();
    Arrays.fill(seed, (byte) 0);
    Arrays.fill(key, (byte) 0);
    return salt;
  }

  @Override
  public String toString() {
    return "DeviceIdentity[" + clientId() + "]";
  }
}
