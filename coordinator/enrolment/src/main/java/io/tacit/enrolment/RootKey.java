package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.Names;
import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * The root of an authority: an Ed25519 key pair and the self-signed certificate of its public half,
 * together in one PEM file (PKCS#8 and X.509).
 *
 * <p>Guarantee: the file is only ever made whole, never written over, and readable by its owner
 * alone; one that others can read is refused. The private half is never printed. Assumes: the file
 * has a copy elsewhere, because a lost root ends all enrolment until apps pin another one; the key
 * is not encrypted, since the password would lie beside it. Immutable.
 */
public final class RootKey {

  /** How long a root lives. Certificates end before it does, so it is replaced a year early. */
  public static final Duration LIFETIME = Duration.ofDays(3_653);

  private static final int FILE_BYTES_MAX = 16_384;

  private final IdentityKeyPair keys;
  private final RootCertificate certificate;

  private RootKey(IdentityKeyPair keys, RootCertificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * A new root that is kept nowhere.
   *
   * @param name of the authority, for people
   * @throws IllegalArgumentException if it is no name
   */
  public static RootKey generate(String name, SecureRandom random, Clock clock) {
    Names.check("name of the authority", name);
    IdentityKeyPair keys = IdentityKeyPair.generate(random);
    Instant now = clock.instant();
    byte[] der = X509Writer.root(name, keys, SerialNumber.random(random), now, now.plus(LIFETIME));
    return new RootKey(keys, RootCertificate.read(der).orElseThrow());
  }

  /**
   * A new root in a new file: on the disk when this returns, whole or not at all.
   *
   * @param file to be made, in a directory that is there
   * @param name of the authority, for people
   * @throws KeyFileException if the file is there already, or can not be written
   * @throws IllegalArgumentException if the name is none
   */
  public static RootKey create(Path file, String name, SecureRandom random, Clock clock) {
    RootKey root = generate(name, random, clock);
    PrivateFile.create(file, root.toPem());
    return root;
  }

  /**
   * The root of a file.
   *
   * @throws KeyFileException if the file is missing, damaged, or readable by others
   */
  public static RootKey open(Path file) {
    String text;
    try {
      PrivateFile.requireOwnerOnly(file);
      long size = Files.size(file);
      if (size > FILE_BYTES_MAX) {
        throw damaged(file, "has " + size + " bytes, may have at most " + FILE_BYTES_MAX);
      }
      text = new String(Files.readAllBytes(file), US_ASCII);
    } catch (IOException e) {
      throw new KeyFileException(
          "cannot read the root key " + file + " (" + e + "); make one, or give its right place",
          e);
    }
    List<Pem.Block> blocks = Pem.read(text).orElse(List.of());
    if (blocks.size() != 2
        || !blocks.get(0).label().equals(Pem.PRIVATE_KEY)
        || !blocks.get(1).label().equals(Pem.CERTIFICATE)) {
      throw damaged(file, "is not a private key and a certificate in PEM");
    }
    IdentityKeyPair keys =
        Der.read(blocks.get(0).bytes(), PrivateKeyInfo::getInstance, RootKey::interpret)
            .orElseThrow(() -> damaged(file, "has no Ed25519 key in PKCS#8"));
    RootCertificate certificate =
        RootCertificate.read(blocks.get(1).bytes())
            .orElseThrow(() -> damaged(file, "has no valid root certificate"));
    if (!certificate.key().equals(keys.publicKey())) {
      throw damaged(file, "has the certificate of another key");
    }
    return new RootKey(keys, certificate);
  }

  private static Optional<IdentityKeyPair> interpret(PrivateKeyInfo info) {
    if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)) {
      return Optional.empty();
    }
    try {
      // RFC 8410, section 7: the seed is an octet string within the octet string.
      ASN1OctetString seed = ASN1OctetString.getInstance(info.parsePrivateKey());
      return Optional.of(IdentityKeyPair.fromSeed(seed.getOctets()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String toPem() {
    try {
      PrivateKeyInfo info =
          new PrivateKeyInfo(
              new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
              new DEROctetString(keys.seed()));
      return Pem.write(Pem.PRIVATE_KEY, Der.write(info)) + certificate.toPem();
    } catch (IOException e) {
      throw new AssertionError("a key of 32 bytes has an encoding", e);
    }
  }

  private static KeyFileException damaged(Path file, String what) {
    return new KeyFileException(
        "root key file " + file + " " + what + "; restore it from its copy");
  }

  /** The public half. */
  public RootCertificate certificate() {
    return certificate;
  }

  IdentityKeyPair keys() {
    return keys;
  }

  @Override
  public String toString() {
    return "RootKey[" + certificate.fingerprint() + "]";
  }
}
