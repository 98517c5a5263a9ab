package io.tacit.enrolment;

import io.tacit.protocol.crypto.Transcript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/** A device whose keys and signatures come from the JDK, not from the code under test. */
record TestDevice(KeyPair keys, String signature, ASN1ObjectIdentifier algorithm) {

  static final byte[] NO_EVIDENCE = {};

  static TestDevice ed25519() {
    return of("Ed25519", null, "Ed25519", EdECObjectIdentifiers.id_Ed25519);
  }

  static TestDevice p256() {
    return of("EC", "secp256r1", "SHA256withECDSA", X9ObjectIdentifiers.ecdsa_with_SHA256);
  }

  private static TestDevice of(
      String kind, @Nullable String curve, String signature, ASN1ObjectIdentifier algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      if (curve != null) {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return new TestDevice(generator.generateKeyPair(), signature, algorithm);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance(signature);
      signer.initSign(keys.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  SubjectPublicKeyInfo info() {
    return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
  }

  DeviceKey key() {
    return DeviceKey.of(info()).orElseThrow();
  }

  /** PKCS#10 for the own key. */
  byte[] request() {
    return requestFor(info());
  }

  /** PKCS#10 for some key, signed with the own. */
  byte[] requestFor(SubjectPublicKeyInfo key) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    ContentSigner signer =
        new ContentSigner() {
          @Override
          public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(algorithm);
          }

          @Override
          public OutputStream getOutputStream() {
            return written;
          }

          @Override
          public byte[] getSignature() {
            return sign(written.toByteArray());
          }
        };
    try {
      return new PKCS10CertificationRequestBuilder(new X500Name("CN=user-4711"), key)
          .build(signer)
          .getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  EnrolmentRequest enrolment(String token) {
    return new EnrolmentRequest(token, request(), NO_EVIDENCE, address("192.0.2.1"));
  }

  RenewalRequest renewal(DeviceCertificate old, TestDevice next) {
    byte[] request = next.request();
    byte[] signature = sign(Transcript.info("renewal", old.toDer(), request));
    return new RenewalRequest(old.toDer(), request, NO_EVIDENCE, signature, address("192.0.2.1"));
  }

  static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
