package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.service.access.CallTokens;
import io.tacit.coordinator.service.access.Challenges;
import io.tacit.coordinator.service.access.LoginOutcome;
import io.tacit.coordinator.service.access.LoginRefusal;
import io.tacit.coordinator.service.access.Logins;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.CallToken;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.ChallengeResponse;
import io.tacit.protocol.v1.LoginRefusalReason;
import io.tacit.protocol.v1.LoginRefused;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.LoginResponse;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** {@code tacit.v1.Access}. Workers verify signatures, which would hold up an event loop. */
@Singleton
class AccessGrpcService extends AccessGrpc.AccessImplBase {

  private final Logins logins;
  private final RefusalLog refusals;
  private final Executor workers;

  AccessGrpcService(Logins logins, RefusalLog refusals, Executor workers) {
    this.logins = logins;
    this.refusals = refusals;
    this.workers = workers;
  }

  @Override
  public void challenge(ChallengeRequest request, StreamObserver<ChallengeResponse> observer) {
    Replies.send(
        observer,
        () ->
            ChallengeResponse.newBuilder()
                .setChallenge(ByteString.copyFrom(logins.challenge()))
                .setExpiresWithinMillis(Challenges.LIFETIME.toMillis())
                .build());
  }

  @Override
  public void login(LoginRequest request, StreamObserver<LoginResponse> observer) {
    Replies.sendLater(
        observer,
        () -> {
          byte[] challenge =
              WireFields.atMost("challenge", request.getChallenge(), Challenges.LENGTH);
          byte[] certificate =
              WireFields.atMost(
                  "certificate", request.getCertificate(), WireLimits.CERTIFICATE_BYTES_MAX);
          byte[] signature =
              WireFields.atMost(
                  "signature", request.getSignature(), WireLimits.SIGNATURE_BYTES_MAX);
          return CompletableFuture.supplyAsync(
              () -> logins.login(challenge, certificate, signature), workers);
        },
        this::response);
  }

  private LoginResponse response(LoginOutcome outcome) {
    if (outcome instanceof CallTokens.Granted granted) {
      return LoginResponse.newBuilder()
          .setToken(
              CallToken.newBuilder()
                  .setToken(granted.text())
                  .setExpiresWithinMillis(granted.lifetime().toMillis()))
          .build();
    } else if (outcome instanceof LoginRefusal refusal) {
      refusals.refused("LOGIN_" + refusal.reason(), "a device is not let in");
      return LoginResponse.newBuilder()
          .setRefused(
              LoginRefused.newBuilder()
                  .setReason(LoginRefusalReason.valueOf("LOGIN_REFUSAL_REASON_" + refusal.reason()))
                  .setDetail(refusal.detail()))
          .build();
    }
    if (outcome instanceof LoginOutcome.Unavailable) {
      refusals.refused("STORAGE", "no login is decided, because the revocation list is outdated");
      throw RpcStatus.storage();
    }
    throw RpcStatus.busy("too many devices log in; come back");
  }
}
