package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.tacit.coordinator.service.access.CallToken;
import io.tacit.coordinator.service.access.CallTokens;
import io.tacit.coordinator.service.access.TokenCheck;
import io.tacit.coordinator.service.access.TokenFault;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadStatusRequest;
import java.security.cert.CertificateEncodingException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Takes calls of enrolled devices alone, each for itself: who has no good token hears so before his
 * message is read, and a message that names another device or population goes no further.
 *
 * <p>Guarantee: of all services but those by which a device comes to its token, no message arrives
 * without one; a kind of message that it does not know is refused.
 */
final class AdmissionInterceptor implements ServerInterceptor {

  private static final Metadata.Key<String> TOKEN = RpcStatus.TOKEN;

  private static final Context.Key<ClientId> DEVICE = Context.key("tacit-device");

  /** Who calls these has no token yet. */
  private static final Set<String> WITHOUT_TOKEN =
      Set.of(EnrolmentGrpc.SERVICE_NAME, AccessGrpc.SERVICE_NAME);

  private final CallTokens tokens;
  private final RefusalLog log;
  private final boolean certificateShown;

  /**
   * Admission by these tokens.
   *
   * @param certificateShown whether the connection must be that of the token's certificate
   */
  AdmissionInterceptor(CallTokens tokens, RefusalLog log, boolean certificateShown) {
    this.tokens = tokens;
    this.log = log;
    this.certificateShown = certificateShown;
  }

  /** Which device the present call is of, by its token; empty where none needs one. */
  static Optional<ClientId> device() {
    return Optional.ofNullable(DEVICE.get());
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (WITHOUT_TOKEN.contains(call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    TokenCheck check = tokens.check(headers.get(TOKEN));
    if (!(check instanceof CallToken token)) {
      refuse(call, (TokenFault) check);
      return new ServerCall.Listener<>() {};
    }
    if (certificateShown && !isOpenedWith(token.certificate(), call)) {
      refuse(call, TokenFault.CERTIFICATE_NOT_SHOWN);
      return new ServerCall.Listener<>() {};
    }
    Context ofDevice = Context.current().withValue(DEVICE, token.client());
    return new OwnMessages<>(call, token, Contexts.interceptCall(ofDevice, call, headers, next));
  }

  /** Whether the connection's other end has proved in its handshake that it holds the key. */
  private static boolean isOpenedWith(ContentHash certificate, ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null
          && ContentHash.of(session.getPeerCertificates()[0].getEncoded()).equals(certificate);
    } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
      return false;
    }
  }

  private void refuse(ServerCall<?, ?> call, TokenFault fault) {
    log.refused(fault.name(), call.getMethodDescriptor().getFullMethodName() + " refused");
    StatusRuntimeException refusal = RpcStatus.unauthenticated(fault);
    call.close(refusal.getStatus(), Objects.requireNonNull(refusal.getTrailers()));
  }

  /** Whether the message is for the device and the population of the token. */
  static boolean isOf(CallToken token, Object message) {
    if (message instanceof PollRequest poll) {
      return isOf(token, poll.getClientId()) && isIn(token, poll.getPopulation());
    } else if (message instanceof CheckInRequest checkIn) {
      return isOf(token, checkIn.getClientId());
    } else if (message instanceof SubmitRequest submit) {
      return isOf(token, submit.getClientId());
    } else if (message instanceof UploadChunk chunk) {
      // Only the first chunk names somebody, and an upload goes on for him alone.
      return !chunk.hasHeader() || isOf(token, chunk.getHeader().getClientId());
    } else if (message instanceof UploadStatusRequest status) {
      return isOf(token, status.getClientId());
    } else if (message instanceof AwaitRequest await) {
      return isOf(token, await.getClientId());
    } else if (message instanceof AbortRequest abort) {
      return isOf(token, abort.getClientId());
    } else if (message instanceof CurrentModelsRequest current) {
      return isIn(token, current.getPopulation());
    }
    return message instanceof DownloadRequest;
  }

  private static boolean isOf(CallToken token, ByteString client) {
    return client.equals(ByteString.copyFrom(token.client().toBytes()));
  }

  private static boolean isIn(CallToken token, String population) {
    return token.population().equals(population);
  }

  /** Hands on the messages of the token's device; the first other one ends the call. */
  private final class OwnMessages<Q> extends SimpleForwardingServerCallListener<Q> {

    private final ServerCall<Q, ?> call;
    private final CallToken token;
    private boolean ended;

    OwnMessages(ServerCall<Q, ?> call, CallToken token, ServerCall.Listener<Q> next) {
      super(next);
      this.call = call;
      this.token = token;
    }

    @Override
    public void onMessage(Q message) {
      if (ended) {
        return;
      }
      if (isOf(token, message)) {
        super.onMessage(message);
        return;
      }
      ended = true;
      refuse(call, TokenFault.OTHER_DEVICE);
      // The service lets go of what it holds for the call, such as the place of an upload.
      super.onCancel();
    }

    @Override
    public void onHalfClose() {
      if (!ended) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!ended) {
        super.onReady();
      }
    }

    @Override
    public void onComplete() {
      if (!ended) {
        super.onComplete();
      }
    }

    @Override
    public void onCancel() {
      if (!ended) {
        super.onCancel();
      }
    }
  }
}
