package io.tacit.enrolment;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKey;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.jspecify.annotations.Nullable;

/**
 * The public half of a device's identity as a certificate holds it: Ed25519, or ECDSA on P-256 for
 * hardware that has nothing else.
 *
 * <p>Guarantee: the key is a valid point of its curve. Immutable.
 */
public final class DeviceKey {

  /** The kinds of keys that are certified. */
  public enum Algorithm {
    /** RFC 8032. */
    ED25519(EdECObjectIdentifiers.id_Ed25519),
    /** FIPS 186-5 with SHA-256; the signature is DER, as Java and Android make it. */
    ECDSA_P256(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private final ASN1ObjectIdentifier signature;

    Algorithm(ASN1ObjectIdentifier signature) {
      this.signature = signature;
    }
  }

  private static final ECDomainParameters P256 = p256();

  private final Algorithm algorithm;
  private final byte[] bytes;
  private final @Nullable IdentityKey edwards;
  private final @Nullable ECPublicKeyParameters weierstrass;

  private DeviceKey(
      Algorithm algorithm,
      byte[] bytes,
      @Nullable IdentityKey edwards,
      @Nullable ECPublicKeyParameters weierstrass) {
    this.algorithm = algorithm;
    this.bytes = bytes;
    this.edwards = edwards;
    this.weierstrass = weierstrass;
  }

  /** The key of this structure; empty for other algorithms, curves and for what is no point. */
  static Optional<DeviceKey> of(SubjectPublicKeyInfo info) {
    AlgorithmIdentifier algorithm = info.getAlgorithm();
    if (info.getPublicKeyData().getPadBits() != 0) {
      return Optional.empty();
    }
    byte[] bytes = info.getPublicKeyData().getOctets();
    try {
      if (algorithm.getAlgorithm().equals(EdECObjectIdentifiers.id_Ed25519)
          && algorithm.getParameters() == null) {
        return Optional.of(
            new DeviceKey(Algorithm.ED25519, bytes.clone(), IdentityKey.fromBytes(bytes), null));
      }
      // By name only: explicit parameters would let a request bring a curve of its own.
      if (algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
          && X9ObjectIdentifiers.prime256v1.equals(algorithm.getParameters())) {
        ECPublicKeyParameters key =
            new ECPublicKeyParameters(P256.getCurve().decodePoint(bytes), P256);
        return Optional.of(
            new DeviceKey(Algorithm.ECDSA_P256, key.getQ().getEncoded(false), null, key));
      }
    } catch (IllegalArgumentException e) {
      // Of the wrong length, not on the curve, or of small order.
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Which kind of key it is. */
  public Algorithm algorithm() {
    return algorithm;
  }

  /**
   * A copy of the key in its one canonical form: the 32 raw bytes of Ed25519, or the 65 bytes of
   * the uncompressed point of P-256 (SEC 1, section 2.3.3), however the request wrote it.
   */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The pseudonym that this key proves: the SHA-256 of {@link #toBytes}. */
  public ClientId clientId() {
    return ClientId.ofIdentityKey(bytes);
  }

  /** Whether the signature over the message was made by the holder of this key. */
  public boolean verifies(byte[] message, byte[] signature) {
    if (edwards != null) {
      return edwards.verifies(message, signature);
    }
    // RFC 3279, section 2.2.3. The signer refuses numbers that are out of range.
    return Der.read(signature, ASN1Sequence::getInstance, Optional::of)
        .filter(numbers -> numbers.size() == 2)
        .filter(
            numbers ->
                numbers.getObjectAt(0) instanceof ASN1Integer r
                    && numbers.getObjectAt(1) instanceof ASN1Integer s
                    && verifies(ContentHash.of(message), r.getValue(), s.getValue()))
        .isPresent();
  }

  private boolean verifies(ContentHash hash, BigInteger r, BigInteger s) {
    ECDSASigner signer = new ECDSASigner();
    signer.init(false, weierstrass);
    return signer.verifySignature(hash.toBytes(), r, s);
  }

  /** As {@link #verifies(byte[], byte[])}, and the signature claims the algorithm of this key. */
  boolean verifies(AlgorithmIdentifier claimed, byte[] message, byte[] signature) {
    return claimed.getAlgorithm().equals(algorithm.signature)
        && claimed.getParameters() == null
        && verifies(message, signature);
  }

  /** The structure that a certificate holds. */
  SubjectPublicKeyInfo toInfo() {
    return new SubjectPublicKeyInfo(
        switch (algorithm) {
          case ED25519 -> new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
          case ECDSA_P256 ->
              new AlgorithmIdentifier(
                  X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1);
        },
        bytes);
  }

  private static ECDomainParameters p256() {
    // The custom curve: its field arithmetic is several times as fast as the generic one.
    X9ECParameters curve = CustomNamedCurves.getByOID(X9ObjectIdentifiers.prime256v1);
    return new ECNamedDomainParameters(X9ObjectIdentifiers.prime256v1, curve);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeviceKey key
        && algorithm == key.algorithm
        && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "DeviceKey[" + algorithm + ", " + clientId() + "]";
  }
}
