package io.tacit.client.connection;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.LoginRefusalReason;
import io.tacit.protocol.v1.LoginRefused;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.LoginResponse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a device logged in: the call token that it has, and a new one when that nears its end.
 *
 * <p>Guarantee: the token is never printed. Thread-safe; threads that need a token wait for the one
 * that gets it.
 */
final class CallLogin implements ClientInterceptor {

  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of(ProtocolVersion.TOKEN_KEY, Metadata.ASCII_STRING_MARSHALLER);

  private static final long CALL_SECONDS_MAX = 10;

  /** A call that has begun with a token may begin to be read a little later. */
  private static final long RESERVE_MILLIS = 60_000;

  private static final int TRIES_MAX = 2;

  private final CertifiedKey key;
  private final Channel channel;
  private volatile @Nullable String token;
  private long renewAtNanos;
  private volatile boolean certificateVoid;

  /**
   * @param channel without this login
   */
  CallLogin(CertifiedKey key, Channel channel) {
    this.key = key;
    this.channel = channel;
  }

  CertifiedKey key() {
    return key;
  }

  /** Whether the coordinator does not know the certificate, or not any more. */
  boolean isCertificateVoid() {
    return certificateVoid;
  }

  /** Logs in, unless the token is good for a while. */
  synchronized void ensure() throws ConnectionException {
    if (token != null && System.nanoTime() - renewAtNanos < 0) {
      return;
    }
    LoginResponse answer = logIn();
    for (int tries = 1; tries < TRIES_MAX && isChallengeLost(answer); tries++) {
      answer = logIn();
    }
    if (!answer.hasToken()) {
      throw refused(answer.getRefused());
    }
    String given = answer.getToken().getToken();
    if (given.isEmpty() || given.length() > WireLimits.CALL_TOKEN_LENGTH_MAX) {
      throw new ConnectionException(
          Reason.MALFORMED_ANSWER,
          "the coordinator's token has "
              + given.length()
              + " characters, must have 1 to "
              + WireLimits.CALL_TOKEN_LENGTH_MAX);
    }
    long lifetime = answer.getToken().getExpiresWithinMillis();
    renewAtNanos =
        System.nanoTime()
            + TimeUnit.MILLISECONDS.toNanos(Math.max(lifetime - RESERVE_MILLIS, lifetime / 2));
    token = given;
  }

  private static boolean isChallengeLost(LoginResponse answer) {
    return answer.hasRefused()
        && answer.getRefused().getReason() == LoginRefusalReason.LOGIN_REFUSAL_REASON_CHALLENGE;
  }

  private LoginResponse logIn() throws ConnectionException {
    AccessGrpc.AccessBlockingStub access =
        AccessGrpc.newBlockingStub(channel)
            .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
            .withMaxOutboundMessageSize(WireLimits.MESSAGE_BYTES_MAX);
    try {
      ByteString challenge = access.challenge(ChallengeRequest.getDefaultInstance()).getChallenge();
      IdentityCertificate certificate = key.certificate();
      byte[] signature =
          key.keys().sign(Transcript.login(challenge.toByteArray(), certificate.thumbprint()));
      return access.login(
          LoginRequest.newBuilder()
              .setChallenge(challenge)
              .setCertificate(ByteString.copyFrom(certificate.toDer()))
              .setSignature(ByteString.copyFrom(signature))
              .build());
    } catch (StatusRuntimeException e) {
      throw StatusMapping.toException(e.getStatus(), e.getTrailers());
    }
  }

  private ConnectionException refused(LoginRefused refused) {
    certificateVoid =
        refused.getReason() == LoginRefusalReason.LOGIN_REFUSAL_REASON_CERTIFICATE
            || refused.getReason() == LoginRefusalReason.LOGIN_REFUSAL_REASON_EXPIRED;
    return new ConnectionException(
        Reason.NOT_ADMITTED, "login was refused, " + refused.getDetail());
  }

  /** Whether the call was refused for its token alone, so that another login helps. */
  boolean drop(StatusRuntimeException refusal) {
    boolean stale =
        refusal.getStatus().getCode() == Status.Code.UNAUTHENTICATED
            && StatusMapping.isTokenStale(refusal.getTrailers());
    if (stale) {
      synchronized (this) {
        token = null;
      }
    }
    return stale;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<Q, A>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        String shown = token;
        if (shown != null) {
          headers.put(TOKEN, shown);
        }
        super.start(listener, headers);
      }
    };
  }
}
