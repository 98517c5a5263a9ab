package io.tacit.protocol.crypto;

import io.tacit.protocol.ClientId;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a device's identity: a raw Ed25519 key (RFC 8032).
 *
 * <p>Guarantee: the key is a point of the curve and not of small order, so that a signature binds
 * its key and its message. (More is not needed for that: Chalkias, Garillot and Nikolaenko, "Taming
 * the many EdDSAs", 2020, section 3. Whether the point is also in the prime-order subgroup would
 * take as long to find out as to verify a signature, and a device that makes itself a key that is
 * not spoils its own signatures only.) Immutable.
 */
public final class IdentityKey {

  /** Length of a raw public key in bytes. */
  public static final int LENGTH = Ed25519PublicKeyParameters.KEY_SIZE;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_SIZE;

  /** Ed25519 in certificates and requests (RFC 8410, section 3). */
  static final ASN1ObjectIdentifier ALGORITHM = new ASN1ObjectIdentifier("1.3.101.112");

  private final byte[] raw;

  /** The key as a point of the curve, so that it is not decoded for each signature. */
  private final Ed25519.PublicPoint point;

  private IdentityKey(byte[] raw, Ed25519.PublicPoint point) {
    this.raw = raw;
    this.point = point;
  }

  /** The key of a private seed: a multiple of the base point, so there is nothing to check. */
  static IdentityKey ofSeed(byte[] seed) {
    Ed25519.PublicPoint point = Ed25519.generatePublicKey(seed, 0);
    byte[] raw = new byte[LENGTH];
    Ed25519.encodePublicPoint(point, raw, 0);
    return new IdentityKey(raw, point);
  }

  /**
   * Reads a raw public key.
   *
   * @throws IllegalArgumentException if it has not 32 bytes or is no point that a signature may be
   *     verified with (of small order, or not on the curve)
   */
  public static IdentityKey fromBytes(byte[] raw) {
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException(
          "identity key has " + raw.length + " bytes, must have exactly " + LENGTH);
    }
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyPartialExport(raw, 0);
    if (point == null) {
      throw new IllegalArgumentException(
          "identity key is not on the curve, or of small order; make a new key pair");
    }
    return new IdentityKey(raw.clone(), point);
  }

  /**
   * The key that a certificate is for: that of an authority which an app pins.
   *
   * @param der X.509
   * @throws IllegalArgumentException if it is no certificate of an Ed25519 key
   */
  public static IdentityKey ofCertificate(byte[] der) {
    try {
      return fromBytes(rawKeyOf(Certificate.getInstance(der)));
    } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
      throw new IllegalArgumentException(
          "certificate of " + der.length + " bytes is not for an Ed25519 key", e);
    }
  }

  /** The key of a certificate; no bytes if it is not Ed25519. */
  static byte[] rawKeyOf(Certificate certificate) {
    SubjectPublicKeyInfo info = certificate.getSubjectPublicKeyInfo();
    return info.getAlgorithm().getAlgorithm().equals(ALGORITHM)
        ? info.getPublicKeyData().getOctets()
        : new byte[0];
  }

  /** A copy of the raw key. */
  public byte[] toBytes() {
    return raw.clone();
  }

  /** The pseudonym that this key proves. */
  public ClientId clientId() {
    return ClientId.ofIdentityKey(raw);
  }

  /** Whether the signature over the message was made by the holder of this key. */
  public boolean verifies(byte[] message, byte[] signature) {
    return signature.length == SIGNATURE_LENGTH
        && Ed25519.verify(signature, 0, point, message, 0, message.length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IdentityKey && Arrays.equals(raw, ((IdentityKey) other).raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  @Override
  public String toString() {
    return "IdentityKey[" + clientId() + "]";
  }
}
