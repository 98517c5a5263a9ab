package io.tacit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tacit.client.connection.ConnectionException;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.RenewRequest;
import io.tacit.testing.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a device comes to its certificate, from an authority in the test. */
class EnrollerTest {

  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));

  private static final Duration LIFETIME = Duration.ofDays(90);

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.create();
  private final IdentityKeyPair pinned = IdentityKeyPair.generate(new SecureRandom());
  private final IdentityKeyPair foreign = IdentityKeyPair.generate(new SecureRandom());

  /** Who signs what the coordinator answers. */
  private volatile IdentityKeyPair authority = pinned;

  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private CompletableFuture<String> token = CompletableFuture.completedFuture("t");

  private Server server;
  private DeviceStorage storage;
  private GrpcCoordinatorConnection connection;

  @BeforeEach
  void start() throws Exception {
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(new Authority())
            .intercept(new Version())
            .build()
            .start();
    storage = DeviceStorage.open(directory);
    connection =
        GrpcCoordinatorConnection.open(
            GrpcConnectionSettings.plaintextForDevelopment("127.0.0.1", server.getPort()));
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private static final class Version implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return next.startCall(
          new SimpleForwardingServerCall<Q, A>(call) {
            @Override
            public void sendHeaders(Metadata sent) {
              sent.put(
                  Metadata.Key.of(ProtocolVersion.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER),
                  "1");
              super.sendHeaders(sent);
            }
          },
          headers);
    }
  }

  private final class Authority extends EnrolmentGrpc.EnrolmentImplBase {

    @Override
    public void enrol(EnrolRequest request, StreamObserver<CertificateResponse> observer) {
      calls.add("enrol " + request.getToken());
      answer(request.getRequest(), observer);
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<CertificateResponse> observer) {
      calls.add("renew");
      answer(request.getRequest(), observer);
    }

    private void answer(ByteString request, StreamObserver<CertificateResponse> observer) {
      observer.onNext(
          CertificateResponse.newBuilder()
              .setCertificate(ByteString.copyFrom(certificate(request.toByteArray())))
              .build());
      observer.onCompleted();
    }
  }

  private byte[] certificate(byte[] request) {
    Instant now = clock.instant();
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(now.getEpochSecond()));
    generator.setSignature(ED25519);
    generator.setIssuer(new X500Name("CN=authority"));
    generator.setSubject(new X500Name("CN=device"));
    generator.setStartDate(new Time(Date.from(now)));
    generator.setEndDate(new Time(Date.from(now.plus(LIFETIME))));
    generator.setSubjectPublicKeyInfo(
        CertificationRequest.getInstance(request)
            .getCertificationRequestInfo()
            .getSubjectPublicKeyInfo());
    try {
      TBSCertificate body = generator.generateTBSCertificate();
      DERBitString signature = new DERBitString(authority.sign(body.getEncoded("DER")));
      return new DERSequence(new ASN1Encodable[] {body, ED25519, signature}).getEncoded("DER");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Enroller enroller() {
    return new Enroller(new Enrolment(() -> token, List.of(pinned.publicKey()), null), clock);
  }

  private void admit() throws Exception {
    enroller().admit(storage, connection);
  }

  private ConnectionException refusal() {
    return catchThrowableOfType(ConnectionException.class, this::admit);
  }

  @Test
  void asks_for_a_certificate_once_and_keeps_it() throws Exception {
    assertThat(Enroller.serial(storage)).isEmpty();

    admit();
    admit();

    assertThat(calls).containsExactly("enrol t");
    assertThat(Enroller.serial(storage))
        .contains(Long.toHexString(clock.instant().getEpochSecond()));
  }

  @Test
  void asks_the_authority_where_it_is_apart() throws Exception {
    try (GrpcCoordinatorConnection nobody =
        GrpcCoordinatorConnection.open(
            GrpcConnectionSettings.plaintextForDevelopment("127.0.0.1", 1))) {
      new Enroller(
              new Enrolment(
                  () -> token,
                  List.of(pinned.publicKey()),
                  CoordinatorAddress.onThisMachine(server.getPort())),
              clock)
          .admit(storage, nobody);
    }

    assertThat(calls).containsExactly("enrol t");
  }

  @Test
  void takes_no_certificate_of_an_authority_that_the_app_does_not_pin() {
    authority = foreign;

    ConnectionException refusal = refusal();

    assertThat(refusal.reason()).isEqualTo(Reason.NOT_ADMITTED);
    assertThat(refusal)
        .hasMessage(
            "the coordinator's certificate for this device is signed by none of the 1 authorities"
                + " that the app pins; it was not kept");
    assertThat(storage.file("certificate")).doesNotExist();
  }

  @Test
  void enrols_anew_when_the_app_no_longer_pins_the_authority_of_its_certificate() throws Exception {
    authority = foreign;
    new Enroller(new Enrolment(() -> token, List.of(foreign.publicKey()), null), clock)
        .admit(storage, connection);
    authority = pinned;

    admit();

    assertThat(calls).containsExactly("enrol t", "enrol t");
  }

  @Test
  void renews_in_the_last_quarter_without_a_token() throws Exception {
    admit();
    byte[] first = Files.readAllBytes(storage.file("certificate"));
    token = CompletableFuture.failedFuture(new IllegalStateException("logged out"));
    clock.advance(LIFETIME.multipliedBy(3).dividedBy(4).minusSeconds(1));
    admit();
    assertThat(calls).containsExactly("enrol t");

    clock.advance(Duration.ofSeconds(2));
    admit();

    assertThat(calls).containsExactly("enrol t", "renew");
    assertThat(Files.readAllBytes(storage.file("certificate"))).isNotEqualTo(first);
  }

  @Test
  void a_renewal_by_a_foreign_authority_is_refused_and_the_old_certificate_stays()
      throws Exception {
    admit();
    byte[] first = Files.readAllBytes(storage.file("certificate"));
    clock.advance(LIFETIME.multipliedBy(3).dividedBy(4).plusSeconds(1));
    authority = foreign;

    assertThat(refusal().reason()).isEqualTo(Reason.NOT_ADMITTED);
    assertThat(Files.readAllBytes(storage.file("certificate"))).isEqualTo(first);
  }

  @Test
  void an_app_without_a_token_is_asked_again_later_and_its_words_are_not_passed_on() {
    token = CompletableFuture.failedFuture(new IllegalStateException("anna@example.com"));

    ConnectionException refusal = refusal();

    assertThat(refusal.isRetryable()).isTrue();
    assertThat(refusal)
        .hasMessage("the app has no enrolment token for this device now (IllegalStateException)");
    token = new CompletableFuture<>();
    token.cancel(true);
    assertThat(refusal())
        .hasMessage("the app has no enrolment token for this device now (CancellationException)");
    assertThat(calls).isEmpty();
  }
}
