package io.tacit.cli.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom to take for the coordinator: names are checked in any case. Immutable. */
public final class ServerTrust {

  private final SSLContext context;

  private ServerTrust(SSLContext context) {
    this.context = context;
  }

  /** Whoever has a certificate that this Java trusts. */
  public static ServerTrust platform() {
    try {
      return new ServerTrust(SSLContext.getDefault());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java offers no TLS", e);
    }
  }

  /**
   * These certificates, or what they have signed, and nobody else.
   *
   * @param certificates X.509 in PEM, such as {@code tls/authority.pem} of a data directory
   * @throws IOException if the file can not be read, or holds no certificate
   */
  public static ServerTrust pinned(Path certificates) throws IOException {
    try (InputStream in = Files.newInputStream(certificates)) {
      Collection<? extends Certificate> pins =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (pins.isEmpty()) {
        throw new CertificateException("it is empty");
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate pin : pins) {
        trusted.setCertificateEntry("pin-" + count++, pin);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, managers.getTrustManagers(), null);
      return new ServerTrust(context);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          certificates
              + " holds no X.509 certificate in PEM ("
              + e.getMessage()
              + "); give the coordinator's tls/authority.pem",
          e);
    }
  }

  SSLContext context() {
    return context;
  }
}
