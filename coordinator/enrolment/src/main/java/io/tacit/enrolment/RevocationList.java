package io.tacit.enrolment;

import java.time.Instant;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertList;

/**
 * The certificates that are no longer good before their time, as their authority signed it (X.509
 * CRL, RFC 5280 section 5): what lists of the same epoch hold is the same but for certificates that
 * have expired since. Immutable; asking it takes a look-up in a hash table.
 */
public final class RevocationList {

  /** About 300,000 entries. */
  public static final int BYTES_MAX = 16 * 1024 * 1024;

  private final byte[] der;
  private final long epoch;
  private final Instant issuedAt;
  private final Instant nextUpdate;
  private final Set<SerialNumber> revoked;

  private RevocationList(
      byte[] der, long epoch, Instant issuedAt, Instant nextUpdate, Set<SerialNumber> revoked) {
    this.der = der.clone();
    this.epoch = epoch;
    this.issuedAt = issuedAt;
    this.nextUpdate = nextUpdate;
    this.revoked = Set.copyOf(revoked);
  }

  /**
   * Reads a list in DER.
   *
   * @param der at most {@link #BYTES_MAX} bytes
   * @param root who must have signed it
   * @return empty if it is no such list, or too long
   */
  public static Optional<RevocationList> read(byte[] der, RootCertificate root) {
    return der.length > BYTES_MAX
        ? Optional.empty()
        : Der.read(der, CertificateList::getInstance, list -> interpret(der, list, root));
  }

  private static Optional<RevocationList> interpret(
      byte[] der, CertificateList list, RootCertificate root) {
    TBSCertList body = list.getTBSCertList();
    Extensions extensions = body.getExtensions();
    boolean signed =
        body.getIssuer().equals(root.subject())
            && list.getSignatureAlgorithm().getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)
            && list.getSignature().getPadBits() == 0
            && root.key().verifies(Der.writeOwn(body), list.getSignature().getOctets());
    if (!signed
        || extensions == null
        || extensions.getExtension(Extension.cRLNumber) == null
        || extensions.getCriticalExtensionOIDs().length > 0
        || list.getNextUpdate() == null) {
      return Optional.empty();
    }
    Set<SerialNumber> revoked = new HashSet<>();
    for (Enumeration<?> entries = body.getRevokedCertificateEnumeration();
        entries.hasMoreElements(); ) {
      TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) entries.nextElement();
      revoked.add(SerialNumber.of(entry.getUserCertificate().getPositiveValue()));
    }
    return Optional.of(
        new RevocationList(
            der,
            CRLNumber.getInstance(extensions.getExtensionParsedValue(Extension.cRLNumber))
                .getCRLNumber()
                .longValueExact(),
            list.getThisUpdate().getDate().toInstant(),
            list.getNextUpdate().getDate().toInstant(),
            revoked));
  }

  /** Whether the certificate of this number is on the list. */
  public boolean isRevoked(SerialNumber serial) {
    return revoked.contains(serial);
  }

  /** The number of the list: rises with each revocation. */
  public long epoch() {
    return epoch;
  }

  /** When it was signed. */
  public Instant issuedAt() {
    return issuedAt;
  }

  /** By when there is a newer one; afterwards this one is not to be relied on. */
  public Instant nextUpdate() {
    return nextUpdate;
  }

  /** How many certificates are on it. */
  public int size() {
    return revoked.size();
  }

  /** A copy of the list in DER. */
  public byte[] toDer() {
    return der.clone();
  }

  @Override
  public String toString() {
    return "RevocationList[epoch "
        + epoch
        + ", "
        + revoked.size()
        + " certificates, "
        + issuedAt
        + "]";
  }
}
