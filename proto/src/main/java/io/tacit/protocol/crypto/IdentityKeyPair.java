package io.tacit.protocol.crypto;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A device's identity: an Ed25519 key pair (RFC 8032).
 *
 * <p>Guarantee: the seed is never printed. Assumes: whoever stores {@link #seed()} protects it.
 * Immutable and thread-safe.
 */
public final class IdentityKeyPair {

  /** Length of the private seed in bytes. */
  public static final int SEED_LENGTH = Ed25519.SECRET_KEY_SIZE;

  private final byte[] seed;
  private final byte[] rawPublicKey;
  private final IdentityKey publicKey;

  private IdentityKeyPair(byte[] seed) {
    this.seed = seed;
    this.publicKey = IdentityKey.ofSeed(seed);
    this.rawPublicKey = publicKey.toBytes();
  }

  /** A new key pair. */
  public static IdentityKeyPair generate(SecureRandom random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    return new IdentityKeyPair(seed);
  }

  /**
   * The key pair of a stored seed.
   *
   * @throws IllegalArgumentException if it has not 32 bytes
   */
  public static IdentityKeyPair fromSeed(byte[] seed) {
    if (seed.length != SEED_LENGTH) {
      throw new IllegalArgumentException(
          "identity seed has " + seed.length + " bytes, must have exactly " + SEED_LENGTH);
    }
    return new IdentityKeyPair(seed.clone());
  }

  /** A copy of the private seed, for storing it. */
  public byte[] seed() {
    return seed.clone();
  }

  /** The public half. */
  public IdentityKey publicKey() {
    return publicKey;
  }

  /** Signs a message; 64 bytes. */
  public byte[] sign(byte[] message) {
    byte[] signature = new byte[IdentityKey.SIGNATURE_LENGTH];
    // With the public key at hand, half of the work: RFC 8032, section 5.1.6 needs it for k.
    Ed25519.sign(seed, 0, rawPublicKey, 0, message, 0, message.length, signature, 0);
    return signature;
  }

  /**
   * A request to certify this key: PKCS#10 (RFC 2986) in DER, with an empty subject, signed with
   * the key (RFC 8410). The same bytes each time.
   */
  public byte[] certificateRequest() {
    AlgorithmIdentifier ed25519 = new AlgorithmIdentifier(IdentityKey.ALGORITHM);
    CertificationRequestInfo info =
        new CertificationRequestInfo(
            new X500Name(new RDN[0]),
            new SubjectPublicKeyInfo(ed25519, rawPublicKey),
            new DERSet());
    try {
      DERBitString signature = new DERBitString(sign(info.getEncoded(ASN1Encoding.DER)));
      return new CertificationRequest(info, ed25519, signature).getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new AssertionError("a key of 32 bytes has an encoding", e);
    }
  }

  @Override
  public String toString() {
    return "IdentityKeyPair[" + publicKey.clientId() + "]";
  }
}
