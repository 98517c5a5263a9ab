package io.tacit.client.connection;

import io.tacit.protocol.crypto.IdentityKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust in given certificates instead of the platform's. */
public final class PinnedTrust {

  /** Certificates that can be pinned at once: one, and the next. */
  public static final int CERTIFICATES_MAX = 16;

  private PinnedTrust() {}

  /**
   * Sockets that accept a peer only by these certificates. Names are checked as always.
   *
   * @param certificates X.509, PEM or DER; read to its end
   * @throws IllegalArgumentException if these are none, too many, or no certificates
   * @throws IOException if reading fails
   */
  public static SSLSocketFactory socketFactory(InputStream certificates) throws IOException {
    return context(certificates).getSocketFactory();
  }

  /**
   * The same for who makes sockets of his own; names are then his to check.
   *
   * @param certificates X.509, PEM or DER; read to its end
   * @throws IllegalArgumentException if these are none, too many, or no certificates
   * @throws IOException if reading fails
   */
  public static SSLContext context(InputStream certificates) throws IOException {
    try {
      return context(managers(certificates));
    } catch (GeneralSecurityException e) {
      throw noTls(e);
    }
  }

  static SSLSocketFactory socketFactory(TrustManager[] managers) {
    try {
      return context(managers).getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw noTls(e);
    }
  }

  private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  /**
   * What decides about a peer by these certificates.
   *
   * @param certificates X.509, PEM or DER; read to its end
   * @throws IllegalArgumentException if these are none, too many, or no certificates
   * @throws IOException if reading fails
   */
  public static TrustManager[] managers(InputStream certificates) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate certificate : read(certificates)) {
        trusted.setCertificateEntry("pin-" + count++, certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      return managers.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw noTls(e);
    }
  }

  private static IllegalStateException noTls(GeneralSecurityException e) {
    return new IllegalStateException("this platform offers no TLS: " + e.getMessage(), e);
  }

  /**
   * The keys of authorities whose certificates a device takes for itself.
   *
   * @param certificates X.509, PEM or DER; read to its end
   * @throws IllegalArgumentException if these are none, too many, or not for Ed25519 keys
   */
  public static List<IdentityKey> keys(InputStream certificates) {
    try {
      List<IdentityKey> keys = new ArrayList<>();
      for (Certificate certificate : read(certificates)) {
        keys.add(IdentityKey.ofCertificate(certificate.getEncoded()));
      }
      return keys;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
  }

  private static Collection<? extends Certificate> read(InputStream certificates)
      throws GeneralSecurityException {
    Collection<? extends Certificate> read;
    try {
      read = CertificateFactory.getInstance("X.509").generateCertificates(certificates);
    } catch (CertificateException | IndexOutOfBoundsException e) {
      // The latter is what the JDK makes of an Ed25519 key without bytes.
      throw new IllegalArgumentException(
          "pinned trust is no X.509 certificate in PEM or DER (" + e.getMessage() + ")", e);
    }
    if (read.isEmpty() || read.size() > CERTIFICATES_MAX) {
      throw new IllegalArgumentException(
          "pinned trust has "
              + read.size()
              + " certificates, must have 1 to "
              + CERTIFICATES_MAX
              + "; give the coordinator's or its authority's");
    }
    return read;
  }
}
