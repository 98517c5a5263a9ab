package io.tacit.coordinator.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.tacit.coordinator.service.rpc.GrpcServer;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.enrolment.DeviceCertificate;
import io.tacit.enrolment.EnrolmentAuthority;
import io.tacit.enrolment.EnrolmentRequest;
import io.tacit.enrolment.IssuanceOutcome;
import io.tacit.enrolment.RevocationReason;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.ArtifactsGrpc;
import io.tacit.protocol.v1.CertificateResponse;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.EnrolmentRefusalReason;
import io.tacit.protocol.v1.LoginRefusalReason;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.LoginResponse;
import io.tacit.protocol.v1.ModelsGrpc;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadResponse;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is not an enrolled device gets nowhere, over real calls to the real service. */
@QuarkusTest
@TestProfile(AdmissionTest.EnrolledDevices.class)
class AdmissionTest {

  /** As where other machines can call. */
  public static class EnrolledDevices implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("tacit.devices", "enrolled", "tacit.enrolment.populations", "shop");
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Metadata.Key<String> REASON = key(ProtocolVersion.REASON_KEY);

  @Inject GrpcServer server;
  @Inject Optional<EnrolmentAuthority> embedded;
  @Inject Optional<BootstrapTokenMint> backend;
  @Inject Revocations revocations;

  @Inject
  @ConfigProperty(name = "tacit.data-directory")
  Path directory;

  private EnrolmentAuthority authority;
  private BootstrapTokenMint mint;
  private ManagedChannel connection;
  private final IdentityKeyPair keys = IdentityKeyPair.generate(RANDOM);

  @BeforeEach
  void connect() {
    authority = embedded.orElseThrow();
    mint = backend.orElseThrow();
    connection =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
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

  private CertificateResponse enrol(String bootstrapToken) {
    return EnrolmentGrpc.newBlockingStub(with(null))
        .enrol(
            EnrolRequest.newBuilder()
                .setToken(bootstrapToken)
                .setRequest(ByteString.copyFrom(keys.certificateRequest()))
                .build());
  }

  private byte[] certificate() {
    CertificateResponse response = enrol(bootstrapToken());
    assertThat(response.hasCertificate()).as(response.toString()).isTrue();
    return response.getCertificate().toByteArray();
  }

  private String bootstrapToken() {
    return mint.mint("shop", Duration.ofMinutes(10), Optional.empty());
  }

  private ByteString challenge() {
    return AccessGrpc.newBlockingStub(with(null))
        .challenge(ChallengeRequest.getDefaultInstance())
        .getChallenge();
  }

  private LoginResponse login(ByteString challenge, byte[] certificate, IdentityKeyPair signer) {
    byte[] signed = Transcript.login(challenge.toByteArray(), ContentHash.of(certificate));
    return AccessGrpc.newBlockingStub(with(null))
        .login(
            LoginRequest.newBuilder()
                .setChallenge(challenge)
                .setCertificate(ByteString.copyFrom(certificate))
                .setSignature(ByteString.copyFrom(signer.sign(signed)))
                .build());
  }

  private String token() {
    LoginResponse response = login(challenge(), certificate(), keys);
    assertThat(response.hasToken()).as(response.toString()).isTrue();
    return response.getToken().getToken();
  }

  private PollRequest poll(IdentityKeyPair device, String population) {
    return PollRequest.newBuilder()
        .setPopulation(population)
        .setClientId(ByteString.copyFrom(device.publicKey().clientId().toBytes()))
        .build();
  }

  private PollResponse pollWith(@Nullable String token) {
    return RoundsGrpc.newBlockingStub(with(token)).poll(poll(keys, "shop"));
  }

  private static void assertRefused(Supplier<?> call, TokenFault fault) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::get);
    assertThat(refusal).as("not refused").isNotNull();
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refusal.getTrailers().get(REASON)).isEqualTo(fault.name());
    assertThat(refusal.getStatus().getDescription()).isEqualTo(fault.detail());
  }

  @Test
  void an_enrolled_device_is_let_in() {
    String token = token();

    assertThat(pollWith(token).hasComeBack()).isTrue();
    assertThat(
            ModelsGrpc.newBlockingStub(with(token))
                .current(CurrentModelsRequest.newBuilder().setPopulation("shop").build())
                .getModelsList())
        .isEmpty();
  }

  @Test
  void no_service_answers_without_a_token() {
    assertRefused(() -> pollWith(null), TokenFault.TOKEN_MISSING);
    assertRefused(
        () ->
            ModelsGrpc.newBlockingStub(with(null))
                .current(CurrentModelsRequest.getDefaultInstance()),
        TokenFault.TOKEN_MISSING);
    assertRefused(
        () ->
            ArtifactsGrpc.newBlockingStub(with(null))
                .download(DownloadRequest.getDefaultInstance())
                .next(),
        TokenFault.TOKEN_MISSING);
  }

  @Test
  void a_forged_token_and_one_of_another_coordinator_are_refused() {
    String token = token();
    char last = token.charAt(token.length() - 1);
    String altered = token.substring(0, token.length() - 1) + (last == 'A' ? 'Q' : 'A');

    assertRefused(() -> pollWith(altered), TokenFault.TOKEN_INVALID);
    assertRefused(
        () -> pollWith(grantedAt(Instant.now(), SecretKey.generate(RANDOM))),
        TokenFault.TOKEN_INVALID);
  }

  @Test
  void an_expired_token_is_refused() {
    SecretKey key = SecretKey.openOrCreate(directory.resolve("access.key"), RANDOM);

    assertRefused(
        () -> pollWith(grantedAt(Instant.now().minusSeconds(901), key)), TokenFault.TOKEN_EXPIRED);
    assertThat(pollWith(grantedAt(Instant.now(), key)).hasComeBack()).isTrue();
  }

  private String grantedAt(Instant time, SecretKey key) {
    CallTokens tokens = new CallTokens(key, revocations, Clock.fixed(time, ZoneOffset.UTC));
    IssuanceOutcome outcome =
        authority.enrol(
            new EnrolmentRequest(
                bootstrapToken(),
                keys.certificateRequest(),
                new byte[0],
                InetAddress.getLoopbackAddress()));
    DeviceCertificate certificate = ((IssuanceOutcome.Issued) outcome).certificate();
    return tokens.grant(certificate).text();
  }

  @Test
  void a_token_is_of_no_use_for_another_device_or_population() throws Exception {
    String token = token();
    IdentityKeyPair other = IdentityKeyPair.generate(RANDOM);

    assertRefused(
        () -> RoundsGrpc.newBlockingStub(with(token)).poll(poll(other, "shop")),
        TokenFault.OTHER_DEVICE);
    assertRefused(
        () -> RoundsGrpc.newBlockingStub(with(token)).poll(poll(keys, "bank")),
        TokenFault.OTHER_DEVICE);
    Throwable ended =
        uploadAs(other, token).handle((answer, failure) -> failure).get(10, TimeUnit.SECONDS);
    assertRefused(
        () -> {
          throw (StatusRuntimeException) ended;
        },
        TokenFault.OTHER_DEVICE);
  }

  private CompletableFuture<UploadResponse> uploadAs(IdentityKeyPair device, String token) {
    CompletableFuture<UploadResponse> answer = new CompletableFuture<>();
    StreamObserver<UploadChunk> chunks =
        RoundsGrpc.newStub(with(token))
            .upload(
                new StreamObserver<>() {
                  @Override
                  public void onNext(UploadResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    chunks.onNext(
        UploadChunk.newBuilder()
            .setHeader(
                UploadHeader.newBuilder()
                    .setClientId(ByteString.copyFrom(device.publicKey().clientId().toBytes())))
            .build());
    return answer;
  }

  @Test
  void a_revoked_device_is_refused_with_the_token_that_it_has_and_gets_no_other() {
    byte[] certificate = certificate();
    String token = login(challenge(), certificate, keys).getToken().getToken();
    assertThat(pollWith(token).hasComeBack()).isTrue();
    CallTokens reader =
        new CallTokens(
            SecretKey.openOrCreate(directory.resolve("access.key"), RANDOM),
            revocations,
            Clock.systemUTC());

    authority.revoke(((CallToken) reader.check(token)).serial(), RevocationReason.KEY_COMPROMISE);
    revocations.refresh();

    assertRefused(() -> pollWith(token), TokenFault.CERTIFICATE_REVOKED);
    assertThat(login(challenge(), certificate, keys).getRefused().getReason())
        .isEqualTo(LoginRefusalReason.LOGIN_REFUSAL_REASON_REVOKED);
    assertThat(enrol(bootstrapToken()).getRefused().getReason())
        .isEqualTo(EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_REVOKED);
  }

  @Test
  void a_challenge_can_not_be_replayed_over_another_connection() throws Exception {
    byte[] certificate = certificate();
    ByteString challenge = challenge();
    assertThat(login(challenge, certificate, keys).hasToken()).isTrue();
    disconnect();
    connect();

    assertThat(login(challenge, certificate, keys).getRefused().getReason())
        .isEqualTo(LoginRefusalReason.LOGIN_REFUSAL_REASON_CHALLENGE);
  }

  @Test
  void another_key_a_foreign_authority_and_no_certificate_are_refused() {
    IdentityKeyPair other = IdentityKeyPair.generate(RANDOM);
    assertThat(login(challenge(), certificate(), other).getRefused().getReason())
        .isEqualTo(LoginRefusalReason.LOGIN_REFUSAL_REASON_BAD_SIGNATURE);

    byte[] foreign = TestAuthority.create(Clock.systemUTC()).certify(keys).toDer();
    assertThat(login(challenge(), foreign, keys).getRefused().getReason())
        .isEqualTo(LoginRefusalReason.LOGIN_REFUSAL_REASON_CERTIFICATE);
    byte[] selfSigned =
        TestAuthority.create(Clock.systemUTC()).authority().rootCertificate().toDer();
    assertThat(login(challenge(), selfSigned, keys).getRefused().getReason())
        .isEqualTo(LoginRefusalReason.LOGIN_REFUSAL_REASON_CERTIFICATE);
  }

  @Test
  void a_bootstrap_token_of_nobody_gets_no_certificate() {
    CertificateResponse response =
        enrol(
            TestAuthority.create(Clock.systemUTC())
                .backend()
                .mint("shop", Duration.ofMinutes(10), Optional.empty()));

    assertThat(response.getRefused().getReason())
        .isEqualTo(EnrolmentRefusalReason.ENROLMENT_REFUSAL_REASON_TOKEN);
  }
}
