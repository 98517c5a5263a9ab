package io.tacit.coordinator.service.access;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.EnrolmentRequest;
import io.tacit.enrolment.IssuanceOutcome;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.LoginResponse;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RenewRequest;
import io.tacit.protocol.v1.RoundsGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * A device that speaks the contract by hand, honestly or not, with keys and signatures of the JDK.
 */
final class RawDevice implements AutoCloseable {

  private static final String POPULATION = "shop";

  private final KeyPair keys;
  private final String signature;
  private final AlgorithmIdentifier algorithm;
  private final byte[] rawKey;
  private final ManagedChannel connection;

  private RawDevice(
      KeyPair keys, String signature, AlgorithmIdentifier algorithm, int keyBytes, int port) {
    this.keys = keys;
    this.signature = signature;
    this.algorithm = algorithm;
    byte[] info = keys.getPublic().getEncoded();
    // Both kinds of key end the structure.
    this.rawKey = Arrays.copyOfRange(info, info.length - keyBytes, info.length);
    this.connection = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  static RawDevice ed25519(int port) throws GeneralSecurityException {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    return new RawDevice(
        keys, "Ed25519", new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), 32, port);
  }

  static RawDevice p256(int port) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new RawDevice(
        generator.generateKeyPair(),
        "SHA256withECDSA",
        new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256),
        65,
        port);
  }

  /** The same device over a connection of its own. */
  RawDevice reconnected(int port) {
    return new RawDevice(keys, signature, algorithm, rawKey.length, port);
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

  AlgorithmIdentifier algorithm() {
    return algorithm;
  }

  private byte[] request() {
    CertificationRequestInfo info =
        new CertificationRequestInfo(
            new X500Name(new RDN[0]),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()),
            new DERSet());
    try {
      DERBitString signed = new DERBitString(sign(info.getEncoded(ASN1Encoding.DER)));
      return new CertificationRequest(info, algorithm, signed).getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Channel with(@Nullable String token) {
    Metadata headers = new Metadata();
    headers.put(key(ProtocolVersion.METADATA_KEY), "1");
    if (token != null) {
      headers.put(key(ProtocolVersion.TOKEN_KEY), token);
    }
    return ClientInterceptors.intercept(
        connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  CertificateResponse enrol(String bootstrapToken) {
    return EnrolmentGrpc.newBlockingStub(with(null))
        .enrol(
            EnrolRequest.newBuilder()
                .setToken(bootstrapToken)
                .setRequest(ByteString.copyFrom(request()))
                .build());
  }

  byte[] certificate(String bootstrapToken) {
    CertificateResponse response = enrol(bootstrapToken);
    if (!response.hasCertificate()) {
      throw new AssertionError(response);
    }
    return response.getCertificate().toByteArray();
  }

  /** Without a call: what this authority certifies for a token of this backend. */
  DeviceCertificate certificateOf(EnrolmentAuthority authority, BootstrapTokenMint backend) {
    IssuanceOutcome outcome =
        authority.enrol(
            new EnrolmentRequest(
                backend.mint(POPULATION, Duration.ofMinutes(10), Optional.empty()),
                request(),
                new byte[0],
                InetAddress.getLoopbackAddress()));
    if (outcome instanceof IssuanceOutcome.Issued issued) {
      return issued.certificate();
    }
    throw new AssertionError(outcome);
  }

  CertificateResponse renew(byte[] certificate) {
    byte[] request = request();
    return EnrolmentGrpc.newBlockingStub(with(null))
        .renew(
            RenewRequest.newBuilder()
                .setCertificate(ByteString.copyFrom(certificate))
                .setRequest(ByteString.copyFrom(request))
                .setSignature(ByteString.copyFrom(sign(Transcript.renewal(certificate, request))))
                .build());
  }

  byte[] challenge() {
    return AccessGrpc.newBlockingStub(with(null))
        .challenge(ChallengeRequest.getDefaultInstance())
        .getChallenge()
        .toByteArray();
  }

  LoginResponse login(byte[] challenge, byte[] certificate) {
    byte[] signed = sign(Transcript.login(challenge, ContentHash.of(certificate)));
    return AccessGrpc.newBlockingStub(with(null))
        .login(
            LoginRequest.newBuilder()
                .setChallenge(ByteString.copyFrom(challenge))
                .setCertificate(ByteString.copyFrom(certificate))
                .setSignature(ByteString.copyFrom(signed))
                .build());
  }

  String token(byte[] certificate) {
    LoginResponse response = login(challenge(), certificate);
    if (!response.hasToken()) {
      throw new AssertionError(response);
    }
    return response.getToken().getToken();
  }

  PollResponse poll(@Nullable String token) {
    return RoundsGrpc.newBlockingStub(with(token))
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .poll(
            PollRequest.newBuilder()
                .setPopulation(POPULATION)
                .setClientId(ByteString.copyFrom(ClientId.ofIdentityKey(rawKey).toBytes()))
                .build());
  }

  @Override
  public void close() {
    connection.shutdownNow();
  }
}
