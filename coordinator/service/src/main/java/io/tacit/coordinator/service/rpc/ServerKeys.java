package io.tacit.coordinator.service.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tacit.protocol.ContentHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jboss.logging.Logger;

/**
 * The key and certificate that connections to either port are opened with: those that the files had
 * last when they fitted together. Whoever renews them writes one file after the other; what lies
 * there between is not taken. Safe for use by several threads.
 */
public final class ServerKeys {

  private static final Logger LOG = Logger.getLogger(ServerKeys.class);

  private static final String TLS_VERSION = "TLSv1.3";

  private final Path chain;
  private final Path key;
  private final AdvancedTlsX509KeyManager manager = new AdvancedTlsX509KeyManager();
  private ContentHash inUse;

  /**
   * @param chain file in PEM: the server's certificate, then those of its authorities
   * @param key file in PEM: key of the certificate, PKCS#8
   * @throws UncheckedIOException if the files can not be read, or have no key with its certificate
   */
  public ServerKeys(Path chain, Path key) {
    this.chain = chain;
    this.key = key;
    try {
      Contents found = Contents.of(chain, key);
      use(found);
      this.inUse = found.hash();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Gives every handshake what is in use then. */
  public X509ExtendedKeyManager manager() {
    return manager;
  }

  /** For TLS 1.3 alone (RFC 8446), in machine code where there is some for the platform. */
  SslContext context() {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(manager))
          .protocols(TLS_VERSION)
          .build();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * The same for mutual TLS: who connects may show a certificate, and is let in no further than to
   * the handshake with one that is no good. By the JDK, because the other is built without Ed25519.
   */
  SslContext context(CertifiedDevices devices) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forServer(manager), SslProvider.JDK)
          .protocols(TLS_VERSION)
          .trustManager(devices)
          // Not REQUIRE: a device that is to enrol has none yet. Calls with a token need one.
          .clientAuth(ClientAuth.OPTIONAL)
          .build();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * New connections get what the files have now; if that is of no use, what they had before. Does
   * nothing if the files are as they were: they are looked at every minute and changed every year.
   */
  public synchronized void reload() {
    try {
      Contents found = Contents.of(chain, key);
      if (found.hash().equals(inUse)) {
        return;
      }
      use(found);
      inUse = found.hash();
      LOG.infof("TLS: new certificate from %s", chain);
    } catch (IOException | GeneralSecurityException e) {
      LOG.errorf("TLS keeps its old certificate: %s", unusable(e).getMessage());
    }
  }

  private void use(Contents found) throws IOException, GeneralSecurityException {
    X509Certificate[] certificates =
        CertificateUtils.getX509Certificates(new ByteArrayInputStream(found.chain()));
    if (certificates.length == 0) {
      throw new CertificateException("there is no certificate");
    }
    PrivateKey secret = privateKey(found.key());
    requireFit(secret, certificates[0].getPublicKey());
    manager.updateIdentityCredentials(certificates, secret);
  }

  private static PrivateKey privateKey(byte[] pem) throws IOException, GeneralSecurityException {
    try {
      return CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("the key is cut off, or not in base64", e);
    }
  }

  private static void requireFit(PrivateKey secret, PublicKey certified)
      throws GeneralSecurityException {
    if (!secret.getAlgorithm().equals(certified.getAlgorithm())) {
      throw new InvalidKeyException(
          "the key is for %s, its certificate for %s"
              .formatted(secret.getAlgorithm(), certified.getAlgorithm()));
    }
    // Either is all that CertificateUtils reads.
    String algorithm = secret.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] anything = {1};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(anything);
    byte[] signature = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certified);
    verifying.update(anything);
    if (!verifying.verify(signature)) {
      throw new InvalidKeyException("the key is not that of the certificate");
    }
  }

  /** Read once, so that what is judged is what is used. */
  private record Contents(byte[] chain, byte[] key) {

    static Contents of(Path chain, Path key) throws IOException {
      return new Contents(Files.readAllBytes(chain), Files.readAllBytes(key));
    }

    /** By which files are told apart that have changed; the key itself is not kept. */
    ContentHash hash() {
      MessageDigest digest = ContentHash.newDigest();
      digest.update(chain);
      return ContentHash.fromDigest(digest.digest(key));
    }
  }

  private UncheckedIOException unusable(Exception e) {
    return new UncheckedIOException(
        "TLS certificate %s and key %s can not be used (%s); both must be PEM, the key PKCS#8"
            .formatted(chain, key, e.getMessage()),
        e instanceof IOException io ? io : new IOException(e));
  }
}
