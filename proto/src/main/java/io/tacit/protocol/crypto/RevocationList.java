package io.tacit.protocol.crypto;

import io.tacit.protocol.WireLimits;
import java.io.IOException;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.TBSCertList;

/**
 * Which certificates their authority has revoked, as a coordinator staples it to a roster: an X.509
 * CRL (RFC 5280, section 5).
 *
 * <p>Guarantee: the authority that it was read for has signed it. How old it may be, the reader
 * decides. Immutable.
 */
public final class RevocationList {

  private final Set<String> serials;
  private final long issuedAtMillis;

  private RevocationList(Set<String> serials, long issuedAtMillis) {
    this.serials = serials;
    this.issuedAtMillis = issuedAtMillis;
  }

  /**
   * Reads a list in DER.
   *
   * @param authority whose signature it must have, with Ed25519
   * @return empty if it is none, is too long, was signed by another, or has a critical extension:
   *     that would mean something that is not known here
   */
  public static Optional<RevocationList> read(byte[] der, IdentityKey authority) {
    if (der.length > WireLimits.REVOCATION_LIST_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      CertificateList list = CertificateList.getInstance(der);
      TBSCertList body = list.getTBSCertList();
      boolean sound =
          list.getSignatureAlgorithm().getAlgorithm().equals(IdentityKey.ALGORITHM)
              && list.getSignature().getPadBits() == 0
              && authority.verifies(
                  body.getEncoded(ASN1Encoding.DER), list.getSignature().getOctets())
              && (body.getExtensions() == null
                  || body.getExtensions().getCriticalExtensionOIDs().length == 0);
      return sound ? Optional.of(interpret(body)) : Optional.empty();
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException
        | ArithmeticException e) {
      // What Bouncy Castle throws at bytes that are no list.
      return Optional.empty();
    }
  }

  private static RevocationList interpret(TBSCertList body) {
    Set<String> serials = new HashSet<>();
    for (Enumeration<?> entries = body.getRevokedCertificateEnumeration();
        entries.hasMoreElements(); ) {
      TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) entries.nextElement();
      serials.add(entry.getUserCertificate().getValue().toString(16));
    }
    return new RevocationList(serials, body.getThisUpdate().getDate().getTime());
  }

  /** Whether a certificate is on the list. Who signed the certificate is for the caller to know. */
  public boolean contains(IdentityCertificate certificate) {
    return serials.contains(certificate.serial());
  }

  /** When it was signed, in milliseconds since 1970. */
  public long issuedAtMillis() {
    return issuedAtMillis;
  }

  /** How many certificates are on it. */
  public int size() {
    return serials.size();
  }

  @Override
  public String toString() {
    return "RevocationList[" + serials.size() + " certificates]";
  }
}
