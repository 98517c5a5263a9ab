package io.tacit.client.connection;

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
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.CallToken;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.ChallengeResponse;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.LoginRefusalReason;
import io.tacit.protocol.v1.LoginRefused;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.LoginResponse;
import io.tacit.protocol.v1.ModelsGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a connection keeps a device logged in, against a coordinator that follows a script. */
class CallLoginTest {

  /** Of the key whose seed is 00 01 .. 1f, made by OpenSSL. */
  private static final byte[] CERTIFICATE =
      Base64.getDecoder()
          .decode(
              "MIIBIzCB1qADAgECAgEBMAUGAytlcDARMQ8wDQYDVQQDDAZkZXZpY2UwHhcNMjYxMTI0MTczNTQwWhcNMjcw"
                  + "MjIyMTczNTQwWjARMQ8wDQYDVQQDDAZkZXZpY2UwKjAFBgMrZXADIQADoQe/884Qvh1w3RjnS8CZZ+TWMJul"
                  + "DV8d3IZkElUxuKNTMFEwHQYDVR0OBBYEFP2Bpttk1vr39wLAeXGoLCXB3DyQMB8GA1UdIwQYMBaAFP2Bpttk"
                  + "1vr39wLAeXGoLCXB3DyQMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAw6JXu7j4zhHTr6TLWfeDeB2uJJtx"
                  + "CWTDyUG+tTgMBpzAeiWTcLuGkTywRMERGN2BuB0llX+iB8nqRI79F8STBg==");

  private static final byte[] CHALLENGE = new byte[64];
  private static final Metadata.Key<String> TOKEN = key(ProtocolVersion.TOKEN_KEY);

  private final IdentityKeyPair keys = keys();
  private final CertifiedKey device =
      new CertifiedKey(keys, IdentityCertificate.read(CERTIFICATE, keys.publicKey()).orElseThrow());

  /** What was called, with the token that came along. */
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  private final Queue<LoginResponse> logins = new ArrayDeque<>();

  /** Reasons to refuse calls of Models with, one each. */
  private final Queue<String> faults = new ArrayDeque<>();

  private Server server;
  private GrpcCoordinatorConnection open;
  private GrpcCoordinatorConnection connection;

  private static IdentityKeyPair keys() {
    byte[] seed = new byte[IdentityKeyPair.SEED_LENGTH];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) i;
    }
    return IdentityKeyPair.fromSeed(seed);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @BeforeEach
  void start() throws Exception {
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                InsecureServerCredentials.create())
            .addService(new Access())
            .addService(new Models())
            .intercept(new Script())
            .build()
            .start();
    open =
        GrpcCoordinatorConnection.open(
            GrpcConnectionSettings.plaintextForDevelopment("127.0.0.1", server.getPort()));
    connection = open.as(device);
  }

  @AfterEach
  void stop() throws Exception {
    open.close();
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private final class Access extends AccessGrpc.AccessImplBase {

    @Override
    public void challenge(ChallengeRequest request, StreamObserver<ChallengeResponse> observer) {
      observer.onNext(
          ChallengeResponse.newBuilder().setChallenge(ByteString.copyFrom(CHALLENGE)).build());
      observer.onCompleted();
    }

    @Override
    public void login(LoginRequest request, StreamObserver<LoginResponse> observer) {
      assertThat(request.getCertificate().toByteArray()).isEqualTo(CERTIFICATE);
      boolean signed =
          keys.publicKey()
              .verifies(
                  Transcript.login(
                      request.getChallenge().toByteArray(), device.certificate().thumbprint()),
                  request.getSignature().toByteArray());
      observer.onNext(signed ? logins.remove() : LoginResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private static final class Models extends ModelsGrpc.ModelsImplBase {

    @Override
    public void current(
        CurrentModelsRequest request, StreamObserver<CurrentModelsResponse> observer) {
      observer.onNext(CurrentModelsResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private final class Script implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String method = call.getMethodDescriptor().getBareMethodName();
      calls.add(method + " " + headers.get(TOKEN));
      Metadata version = new Metadata();
      version.put(key(ProtocolVersion.METADATA_KEY), "1");
      String fault = "Current".equals(method) ? faults.poll() : null;
      if (fault != null) {
        version.put(key(ProtocolVersion.REASON_KEY), fault);
        call.close(Status.UNAUTHENTICATED.withDescription("the words"), version);
        return new ServerCall.Listener<Q>() {};
      }
      return next.startCall(
          new SimpleForwardingServerCall<Q, A>(call) {
            @Override
            public void sendHeaders(Metadata sent) {
              sent.merge(version);
              super.sendHeaders(sent);
            }
          },
          headers);
    }
  }

  private static LoginResponse token(String text, long lifetimeMillis) {
    return LoginResponse.newBuilder()
        .setToken(CallToken.newBuilder().setToken(text).setExpiresWithinMillis(lifetimeMillis))
        .build();
  }

  private static LoginResponse refused(LoginRefusalReason reason) {
    return LoginResponse.newBuilder()
        .setRefused(LoginRefused.newBuilder().setReason(reason).setDetail("the words"))
        .build();
  }

  private void call() throws ConnectionException {
    connection.currentModels("shop", Set.of("tabular"));
  }

  private ConnectionException refusal() {
    return catchThrowableOfType(ConnectionException.class, this::call);
  }

  @Test
  void logs_in_before_the_first_call_and_shows_its_token_with_each() throws Exception {
    logins.add(token("t1", 900_000));

    call();
    call();

    assertThat(calls).containsExactly("Challenge null", "Login null", "Current t1", "Current t1");
  }

  @Test
  void logs_in_again_when_its_token_has_ended() throws Exception {
    logins.add(token("t1", 0));
    logins.add(token("t2", 900_000));

    call();
    call();

    assertThat(calls)
        .filteredOn(made -> made.startsWith("Current"))
        .containsExactly("Current t1", "Current t2");
  }

  @Test
  void logs_in_again_and_repeats_the_call_when_the_coordinator_no_longer_takes_the_token()
      throws Exception {
    logins.add(token("t1", 900_000));
    logins.add(token("t2", 900_000));
    faults.add("TOKEN_INVALID");

    call();

    assertThat(calls)
        .filteredOn(made -> made.startsWith("Current"))
        .containsExactly("Current t1", "Current t2");
  }

  @Test
  void does_not_go_on_logging_in_when_that_does_not_help() {
    logins.add(token("t1", 900_000));
    logins.add(token("t2", 900_000));
    faults.add("TOKEN_EXPIRED");
    faults.add("TOKEN_EXPIRED");

    assertThat(refusal().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(calls).filteredOn(made -> made.startsWith("Login")).hasSize(2);
  }

  @Test
  void a_revoked_device_hears_why_and_does_not_try_again() {
    logins.add(token("t1", 900_000));
    faults.add("CERTIFICATE_REVOKED");

    ConnectionException refusal = refusal();

    assertThat(refusal.reason()).isEqualTo(Reason.NOT_ADMITTED);
    assertThat(refusal.isRetryable()).isFalse();
    assertThat(refusal)
        .hasMessage("coordinator answered UNAUTHENTICATED (CERTIFICATE_REVOKED): the words");
    assertThat(calls).filteredOn(made -> made.startsWith("Login")).hasSize(1);
  }

  @Test
  void a_refused_login_says_why_and_whether_another_certificate_helps() {
    logins.add(refused(LoginRefusalReason.LOGIN_REFUSAL_REASON_REVOKED));
    assertThat(refusal()).hasMessage("login was refused, the words");
    assertThat(connection.isCertificateVoid()).isFalse();

    logins.add(refused(LoginRefusalReason.LOGIN_REFUSAL_REASON_EXPIRED));
    assertThat(refusal().reason()).isEqualTo(Reason.NOT_ADMITTED);
    assertThat(connection.isCertificateVoid()).isTrue();
    assertThat(calls).noneMatch(made -> made.startsWith("Current"));
  }

  @Test
  void a_lost_challenge_is_asked_for_once_more() throws Exception {
    logins.add(refused(LoginRefusalReason.LOGIN_REFUSAL_REASON_CHALLENGE));
    logins.add(token("t1", 900_000));

    call();

    assertThat(calls).endsWith("Current t1");
  }

  @Test
  void a_client_without_a_certificate_hears_that_it_is_not_admitted() {
    faults.add("TOKEN_MISSING");

    ConnectionException refusal =
        catchThrowableOfType(
            ConnectionException.class, () -> open.currentModels("shop", Set.of("tabular")));

    assertThat(refusal.reason()).isEqualTo(Reason.NOT_ADMITTED);
    assertThat(calls).containsExactly("Current null");
  }
}
