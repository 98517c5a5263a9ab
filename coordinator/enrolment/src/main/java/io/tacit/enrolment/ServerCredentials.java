package io.tacit.enrolment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.util.IPAddress;

/**
 * A server's key and certificate in a directory, with the authority that signed it: {@code
 * authority.pem} is what clients pin, {@code server.pem} the chain that the server shows, and the
 * two {@code .key} files are readable by their owner alone.
 *
 * <p>ECDSA on P-256, which every TLS stack has (RFC 8446, section 9.1). Immutable.
 */
public final class ServerCredentials {

  /** How long an authority lives that was made here. */
  public static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3_653);

  /** How long a server's certificate lives: what browsers accept at most. */
  public static final Duration SERVER_LIFETIME = Duration.ofDays(397);

  /** A server's certificate that is nearer to its end is replaced at the next start. */
  public static final Duration RENEWED_BEFORE_END = Duration.ofDays(60);

  private static final int HOSTS_MAX = 32;

  private final Path directory;
  private final X509Certificate authority;

  private ServerCredentials(Path directory, X509Certificate authority) {
    this.directory = directory;
    this.authority = authority;
  }

  /**
   * What is in the directory; made first if it is not there, or if the server's certificate nears
   * its end or lacks one of the names. The authority stays the same, so that pins hold.
   *
   * @param directory of its own; made if missing
   * @param hosts names and addresses by which clients call the server, 1 to 32
   * @throws UncheckedIOException if files can not be read or written, are damaged, or their keys
   *     are readable by others
   */
  public static ServerCredentials prepare(
      Path directory, Collection<String> hosts, SecureRandom random, Clock clock) {
    if (hosts.isEmpty() || hosts.size() > HOSTS_MAX) {
      throw new IllegalArgumentException(
          "a server certificate is for " + hosts.size() + " names, must be 1 to " + HOSTS_MAX);
    }
    try {
      Set<String> names = canonical(hosts);
      Files.createDirectories(directory);
      Path authorityKey = directory.resolve("authority.key");
      Path authorityFile = directory.resolve("authority.pem");
      if (Files.notExists(authorityFile)) {
        makeAuthority(authorityKey, authorityFile, random, clock.instant());
      }
      X509Certificate authority = certificate(authorityFile);
      Path serverFile = directory.resolve("server.pem");
      if (Files.notExists(serverFile) || isStale(serverFile, authority, names, clock.instant())) {
        PrivateKey key = privateKey(authorityKey);
        makeServer(directory, new ServerCertificates.Issuer(authority, key), names, random, clock);
      }
      PrivateFile.requireOwnerOnly(directory.resolve("server.key"));
      return new ServerCredentials(directory, authority);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot prepare TLS in " + directory + " (" + e.getMessage() + ")", e);
    } catch (GeneralSecurityException e) {
      throw new UncheckedIOException(
          "TLS files in "
              + directory
              + " are damaged ("
              + e.getMessage()
              + "); restore them, or remove the directory to make new ones, which clients must"
              + " then pin",
          new IOException(e));
    }
  }

  /** Addresses as certificates are read back with them. */
  private static Set<String> canonical(Collection<String> hosts) throws UnknownHostException {
    Set<String> names = new TreeSet<>();
    for (String host : hosts) {
      // Of a literal this looks nothing up.
      names.add(IPAddress.isValid(host) ? InetAddress.getByName(host).getHostAddress() : host);
    }
    return names;
  }

  private static void makeAuthority(
      Path keyFile, Path certificateFile, SecureRandom random, Instant now)
      throws IOException, GeneralSecurityException {
    KeyPair keys = newKeys(random);
    byte[] der =
        ServerCertificates.authority(keys, random, now, now.plus(AUTHORITY_LIFETIME)).getEncoded();
    // A start that was killed in between left a key that has signed nothing.
    Files.deleteIfExists(keyFile);
    PrivateFile.create(keyFile, Pem.write(Pem.PRIVATE_KEY, keys.getPrivate().getEncoded()));
    PrivateFile.replacePublic(certificateFile, Pem.write(Pem.CERTIFICATE, der));
  }

  private static void makeServer(
      Path directory,
      ServerCertificates.Issuer issuer,
      Set<String> hosts,
      SecureRandom random,
      Clock clock)
      throws IOException, GeneralSecurityException {
    KeyPair keys = newKeys(random);
    Instant now = clock.instant();
    X509Certificate certificate =
        ServerCertificates.server(
            issuer, keys.getPublic(), hosts, random, now, now.plus(SERVER_LIFETIME));
    // Chain last: a start that is killed in between finds no chain, or an old one of another key.
    Files.deleteIfExists(directory.resolve("server.pem"));
    Files.deleteIfExists(directory.resolve("server.key"));
    PrivateFile.create(
        directory.resolve("server.key"),
        Pem.write(Pem.PRIVATE_KEY, keys.getPrivate().getEncoded()));
    PrivateFile.replacePublic(
        directory.resolve("server.pem"),
        Pem.write(Pem.CERTIFICATE, certificate.getEncoded())
            + Pem.write(Pem.CERTIFICATE, issuer.certificate().getEncoded()));
  }

  private static boolean isStale(
      Path file, X509Certificate authority, Set<String> hosts, Instant now)
      throws IOException, GeneralSecurityException {
    X509Certificate server = certificate(file);
    Set<String> named = new TreeSet<>();
    for (List<?> name : server.getSubjectAlternativeNames()) {
      named.add((String) name.get(1));
    }
    return !named.equals(hosts)
        || !server.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
        || server.getNotAfter().toInstant().minus(RENEWED_BEFORE_END).isBefore(now);
  }

  private static KeyPair newKeys(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  /** The first certificate of a file. */
  private static X509Certificate certificate(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    PrivateFile.requireOwnerOnly(file);
    List<Pem.Block> blocks =
        Pem.read(new String(Files.readAllBytes(file), US_ASCII)).orElse(List.of());
    if (blocks.size() != 1 || !blocks.get(0).label().equals(Pem.PRIVATE_KEY)) {
      throw new GeneralSecurityException(file + " is no private key in PEM");
    }
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0).bytes()));
  }

  /** The key of the server, PKCS#8 in PEM. */
  public Path key() {
    return directory.resolve("server.key");
  }

  /** The server's certificate and its authority's, in PEM. */
  public Path chain() {
    return directory.resolve("server.pem");
  }

  /** The authority's certificate in PEM: for clients to pin. */
  public Path authority() {
    return directory.resolve("authority.pem");
  }

  /** The SHA-256 of the authority's certificate: for clients to pin without a file. */
  public ContentHash fingerprint() {
    try {
      return ContentHash.of(authority.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  @Override
  public String toString() {
    return "ServerCredentials[" + directory + "]";
  }
}
