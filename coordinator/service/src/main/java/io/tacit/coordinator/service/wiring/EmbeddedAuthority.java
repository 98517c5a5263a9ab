package io.tacit.coordinator.service.wiring;

import io.tacit.coordinator.service.access.SecretKey;
import io.tacit.enrolment.Attestor;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.EnrolmentDatabase;
import io.tacit.enrolment.EnrolmentSettings;
import io.tacit.enrolment.RootKey;
import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The authority of devices in this process, with a directory of its own: {@code root.pem}, {@code
 * token.key} and the books.
 *
 * <p>Assumes: whoever operates the process is trusted to admit honest devices. Who wants secure
 * aggregation to hold against the operator of the coordinator runs the authority elsewhere.
 */
final class EmbeddedAuthority implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(EmbeddedAuthority.class);

  private static final String ROOT = "root.pem";

  private final EnrolmentDatabase database;
  private final EnrolmentAuthority authority;
  private final BootstrapTokenMint mint;

  private EmbeddedAuthority(
      EnrolmentDatabase database, EnrolmentAuthority authority, BootstrapTokenMint mint) {
    this.database = database;
    this.authority = authority;
    this.mint = mint;
  }

  /**
   * Opens the authority of a directory, or makes one.
   *
   * @throws UncheckedIOException or {@link io.tacit.enrolment.KeyFileException} if the directory
   *     can not be made, or a key in it can not be used
   * @throws IllegalArgumentException if a setting is out of range
   */
  static EmbeddedAuthority open(
      Path directory, EnrolmentConfiguration settings, SecureRandom random, Clock clock) {
    RootKey root;
    if (Files.exists(directory.resolve(ROOT))) {
      root = RootKey.open(directory.resolve(ROOT));
    } else {
      root = makeRoot(directory, random, clock);
      LOG.infof(
          "Enrolment: made an authority for devices in %s, SHA-256 %s",
          directory, root.certificate().fingerprint());
    }
    SecretKey seed = SecretKey.openOrCreate(directory.resolve("token.key"), random);
    BootstrapTokenMint mint =
        new BootstrapTokenMint(IdentityKeyPair.fromSeed(seed.toBytes()), random, clock);
    List<IdentityKey> tokenKeys = new ArrayList<>(backendKeys(settings));
    tokenKeys.add(mint.publicKey());
    EnrolmentSettings issuance = EnrolmentSettings.defaults(settings.populations(), tokenKeys);
    EnrolmentDatabase database = EnrolmentDatabase.openFile(directory.resolve("enrolment"));
    return new EmbeddedAuthority(
        database,
        new EnrolmentAuthority(root, issuance, database, Attestor.none(), random, clock),
        mint);
  }

  /**
   * Makes the root of an authority that no coordinator has opened yet.
   *
   * @throws UncheckedIOException or {@link io.tacit.enrolment.KeyFileException} if the directory
   *     can not be made, or has a root already
   */
  static RootKey makeRoot(Path directory, SecureRandom random, Clock clock) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory + " (" + e + ")", e);
    }
    return RootKey.create(directory.resolve(ROOT), "tacit-devices", random, clock);
  }

  private static List<IdentityKey> backendKeys(EnrolmentConfiguration settings) {
    List<IdentityKey> keys = new ArrayList<>();
    for (String hex : settings.tokenKeys().orElse(List.of())) {
      try {
        keys.add(IdentityKey.fromBytes(HexFormat.of().parseHex(hex)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "tacit.enrolment.token-keys has "
                + hex
                + ", must be the 64 hex digits of an Ed25519 public key ("
                + e.getMessage()
                + ")",
            e);
      }
    }
    return keys;
  }

  EnrolmentAuthority authority() {
    return authority;
  }

  /** Makes tokens as the backend of an app does, for trials and small apps. */
  BootstrapTokenMint mint() {
    return mint;
  }

  @Override
  public void close() {
    database.close();
  }
}
