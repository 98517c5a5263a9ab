package io.tacit.coordinator.service.rpc;

import io.tacit.enrolment.CertificateVerifier;
import io.tacit.enrolment.Refused;
import io.tacit.enrolment.RootCertificate;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/**
 * Whom a connection of mutual TLS is let in: devices with a certificate of the authority that is
 * valid now and not revoked. Thread-safe.
 */
@Singleton
final class CertifiedDevices implements X509TrustManager {

  private final CertificateVerifier verifier;
  private final X509Certificate root;

  /**
   * Those of an authority.
   *
   * @param verifier of its devices
   * @param root its certificate, named to clients that have several
   */
  CertifiedDevices(CertificateVerifier verifier, RootCertificate root) {
    this.verifier = verifier;
    try {
      this.root =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(root.toDer()));
    } catch (CertificateException e) {
      throw new IllegalStateException(
          "root " + root.fingerprint() + " is no certificate to the JDK", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    if (verifier.check(chain[0].getEncoded()) instanceof Refused refused) {
      throw new CertificateException(refused.reason().name());
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    throw new CertificateException("only devices are trusted here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {root};
  }
}
