package io.tacit.client.connection;

import io.tacit.protocol.crypto.IdentityKeyPair;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of one device in the handshake of its connections: mutual TLS.
 *
 * <p>Guarantee: the key goes to the platform's TLS and nowhere else.
 */
final class DeviceTls implements X509KeyManager {

  private static final String ALIAS = "device";

  /** All of a PKCS#8 structure of an Ed25519 key but the seed (RFC 8410, section 7). */
  private static final byte[] PKCS8_HEAD = {
    0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20
  };

  private final PrivateKey key;
  private final X509Certificate certificate;

  private DeviceTls(CertifiedKey device) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(PKCS8_HEAD, PKCS8_HEAD.length + IdentityKeyPair.SEED_LENGTH);
    System.arraycopy(
        device.keys().seed(), 0, encoded, PKCS8_HEAD.length, IdentityKeyPair.SEED_LENGTH);
    this.key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    this.certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(device.certificate().toDer()));
  }

  /**
   * Sockets that show this certificate.
   *
   * @param trust null for the platform's
   * @throws IllegalStateException if the platform has no Ed25519
   */
  static SSLSocketFactory socketFactory(CertifiedKey device, TrustManager @Nullable [] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new DeviceTls(device)}, trust, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /**
   * Asks whether the platform can show certificates at all.
   *
   * @throws IllegalStateException if it has no Ed25519
   */
  static void requireSupport() {
    try {
      KeyFactory.getInstance("Ed25519");
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  private static IllegalStateException unsupported(GeneralSecurityException e) {
    return new IllegalStateException(
        "this platform's TLS can not show a certificate with an Ed25519 key ("
            + e.getMessage()
            + "); connect without showingCertificate()",
        e);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[] {certificate};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
