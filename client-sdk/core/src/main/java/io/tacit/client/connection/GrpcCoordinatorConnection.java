package io.tacit.client.connection;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.SessionId;
import io.tacit.protocol.Stage;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.crypto.IdentityCertificate;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.session.SignedAdvertisement;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.ArtifactsGrpc;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.DownloadChunk;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.ModelsGrpc;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.RenewRequest;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadStatusRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator over gRPC.
 *
 * <p>Guarantee: unencrypted only to this machine, see {@link GrpcConnectionSettings}; every call
 * says our protocol version and no answer of another one is read; messages and waits are bounded.
 * Thread-safe; thousands of devices share its few channels.
 */
public final class GrpcCoordinatorConnection implements CoordinatorConnection {

  /** For calls that only ask or tell; {@code await} gets it on top of its hold. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

  private static final String[] TLS_VERSIONS = {"TLSv1.3"};

  /** All of TLS 1.3 (RFC 8446, appendix B.4) that platforms have. */
  private static final String[] CIPHER_SUITES = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };

  private final GrpcConnectionSettings settings;
  private final List<ManagedChannel> channels;
  private final List<Channel> versioned;

  /** Null for calls that show no token. */
  private final @Nullable CallLogin login;

  /** The device's own, which shows its certificate; there is one at a time. */
  private @Nullable GrpcCoordinatorConnection shown;

  private GrpcCoordinatorConnection(
      GrpcConnectionSettings settings,
      List<ManagedChannel> channels,
      List<Channel> versioned,
      @Nullable CallLogin login) {
    this.settings = settings;
    this.channels = channels;
    this.versioned = versioned;
    this.login = login;
  }

  /** A connection by these settings. Connects with the first call. */
  public static GrpcCoordinatorConnection open(GrpcConnectionSettings settings) {
    List<ManagedChannel> channels = new ArrayList<>(settings.channels());
    for (int i = 0; i < settings.channels(); i++) {
      channels.add(newChannel(settings));
    }
    return new GrpcCoordinatorConnection(
        settings, channels, intercepted(channels, new ProtocolVersionInterceptor()), null);
  }

  private static List<Channel> intercepted(
      List<? extends Channel> channels, ClientInterceptor interceptor) {
    List<Channel> intercepted = new ArrayList<>(channels.size());
    for (Channel channel : channels) {
      intercepted.add(ClientInterceptors.intercept(channel, interceptor));
    }
    return intercepted;
  }

  /**
   * The same connection for the calls of one device alone, which logs in before its first call and
   * again when it has to. Closing one of both closes both, unless the device shows its certificate:
   * its connection is then another one, until this one is closed or asked for the next.
   */
  public GrpcCoordinatorConnection as(CertifiedKey device) {
    return settings.showsCertificate() ? showing(device) : loggedIn(device);
  }

  private synchronized GrpcCoordinatorConnection showing(CertifiedKey device) {
    closeShown();
    GrpcCoordinatorConnection own = open(settings.as(device)).loggedIn(device);
    shown = own;
    return own;
  }

  private synchronized void closeShown() {
    if (shown != null) {
      shown.close();
      shown = null;
    }
  }

  private GrpcCoordinatorConnection loggedIn(CertifiedKey device) {
    CallLogin newLogin = new CallLogin(device, versioned.get(0));
    return new GrpcCoordinatorConnection(
        settings, channels, intercepted(versioned, newLogin), newLogin);
  }

  /** The certificate with which the calls are made; empty if they are anybody's. */
  public Optional<IdentityCertificate> certificate() {
    return login == null ? Optional.empty() : Optional.of(login.key().certificate());
  }

  /** Whether the calls are those of this device with this certificate. */
  public boolean isAs(CertifiedKey device) {
    return login != null
        && login.key().certificate().thumbprint().equals(device.certificate().thumbprint());
  }

  /** Whether the coordinator does not take the device's certificate, but may take another one. */
  public boolean isCertificateVoid() {
    return login != null && login.isCertificateVoid();
  }

  /**
   * Asks for a first certificate.
   *
   * @param token of the app's backend
   * @param request PKCS#10 in DER
   */
  public CertificateOutcome enrol(String token, byte[] request) throws ConnectionException {
    EnrolRequest message =
        EnrolRequest.newBuilder().setToken(token).setRequest(ByteString.copyFrom(request)).build();
    return call(
        () -> limited(EnrolmentGrpc.newBlockingStub(versioned.get(0)), CALL_TIMEOUT).enrol(message),
        WireMessages::outcome);
  }

  /** Asks for the certificate after this one, for the same key. */
  public CertificateOutcome renew(CertifiedKey device) throws ConnectionException {
    byte[] certificate = device.certificate().toDer();
    byte[] request = device.keys().certificateRequest();
    RenewRequest message =
        RenewRequest.newBuilder()
            .setCertificate(ByteString.copyFrom(certificate))
            .setRequest(ByteString.copyFrom(request))
            .setSignature(
                ByteString.copyFrom(device.keys().sign(Transcript.renewal(certificate, request))))
            .build();
    return call(
        () -> limited(EnrolmentGrpc.newBlockingStub(versioned.get(0)), CALL_TIMEOUT).renew(message),
        WireMessages::outcome);
  }

  private static ManagedChannel newChannel(GrpcConnectionSettings settings) {
    OkHttpChannelBuilder builder =
        OkHttpChannelBuilder.forAddress(settings.host(), settings.port())
            .maxInboundMessageSize(WireLimits.ANSWER_BYTES_MAX)
            .userAgent("tacit-client")
            // Callers block on their own threads; what runs here only hands over.
            .directExecutor()
            .disableRetry();
    if (settings.isPlaintext()) {
      builder.usePlaintext();
    } else {
      builder.useTransportSecurity().tlsConnectionSpec(TLS_VERSIONS, CIPHER_SUITES);
      if (settings.socketFactory() != null) {
        builder.sslSocketFactory(settings.socketFactory());
      }
    }
    return builder.build();
  }

  @Override
  public PollOutcome poll(String population, ClientId client, Set<String> modelKinds)
      throws ConnectionException {
    PollRequest request =
        PollRequest.newBuilder()
            .setPopulation(population)
            .setClientId(WireMessages.bytes(client))
            .addAllModelKinds(modelKinds)
            .build();
    return call(() -> rounds(client, CALL_TIMEOUT).poll(request), WireMessages::outcome);
  }

  @Override
  public List<CurrentModel> currentModels(String population, Set<String> modelKinds)
      throws ConnectionException {
    CurrentModelsRequest request =
        CurrentModelsRequest.newBuilder()
            .setPopulation(population)
            .addAllModelKinds(modelKinds)
            .build();
    return call(
        () ->
            limited(ModelsGrpc.newBlockingStub(channel(population)), CALL_TIMEOUT).current(request),
        WireMessages::currentModels);
  }

  @Override
  public CheckInOutcome checkIn(ClientId client, CheckIn checkIn) throws ConnectionException {
    return call(
        () -> rounds(client, CALL_TIMEOUT).checkIn(WireMessages.checkIn(client, checkIn)),
        WireMessages::outcome);
  }

  @Override
  public SubmitOutcome advertise(
      SessionId session, ClientId client, SignedAdvertisement advertisement)
      throws ConnectionException {
    SubmitRequest request =
        submission(
            session, client, Stage.ADVERTISE, advertisement.body(), advertisement.signature());
    return call(() -> rounds(client, CALL_TIMEOUT).submit(request), WireMessages::joined);
  }

  @Override
  public SubmitOutcome submit(Membership membership, StageMessage message)
      throws ConnectionException {
    SubmitRequest request =
        submission(
            membership.session(),
            membership.client(),
            message.stage(),
            message.body(),
            message.signature());
    return call(
        () -> rounds(membership.client(), CALL_TIMEOUT).submit(request), WireMessages::stored);
  }

  private static SubmitRequest submission(
      SessionId session, ClientId client, Stage stage, byte[] body, byte[] signature) {
    return SubmitRequest.newBuilder()
        .setSessionId(WireMessages.bytes(session))
        .setClientId(WireMessages.bytes(client))
        .setStage(WireMessages.stage(stage))
        .setMessage(
            SignedMessage.newBuilder()
                .setBody(ByteString.copyFrom(body))
                .setSignature(ByteString.copyFrom(signature)))
        .build();
  }

  @Override
  public UploadOutcome upload(Membership membership, Upload upload, long offset, Duration within)
      throws ConnectionException {
    if (offset < 0 || offset > upload.size()) {
      throw new IllegalArgumentException(
          "offset is " + offset + ", must be 0 to " + upload.size() + ", the size of the update");
    }
    UploadHeader header =
        UploadHeader.newBuilder()
            .setSessionId(WireMessages.bytes(membership.session()))
            .setClientId(WireMessages.bytes(membership.client()))
            .setTicket(WireMessages.bytes(membership.ticket()))
            .setTotalBytes(upload.size())
            .setSha256(WireMessages.bytes(upload.hash()))
            .setOffset(offset)
            .build();
    RoundsGrpc.RoundsStub stub = limited(RoundsGrpc.newStub(channel(membership.client())), within);
    return call(
        () -> new UploadStream().send(stub, header, upload, (int) offset), WireMessages::outcome);
  }

  @Override
  public UploadStatus uploadStatus(Membership membership) throws ConnectionException {
    UploadStatusRequest request =
        UploadStatusRequest.newBuilder()
            .setSessionId(WireMessages.bytes(membership.session()))
            .setClientId(WireMessages.bytes(membership.client()))
            .setTicket(WireMessages.bytes(membership.ticket()))
            .build();
    return call(
        () -> rounds(membership.client(), CALL_TIMEOUT).uploadStatus(request),
        WireMessages::outcome);
  }

  @Override
  public AwaitOutcome await(Membership membership, Stage known, Duration hold)
      throws ConnectionException {
    long holdMillis = Math.min(hold.toMillis(), WireLimits.AWAIT_HOLD_MILLIS_MAX);
    AwaitRequest request =
        AwaitRequest.newBuilder()
            .setSessionId(WireMessages.bytes(membership.session()))
            .setClientId(WireMessages.bytes(membership.client()))
            .setTicket(WireMessages.bytes(membership.ticket()))
            .setKnown(WireMessages.stage(known))
            .setHoldMillis((int) Math.max(holdMillis, 0))
            .build();
    return call(
        () -> rounds(membership.client(), CALL_TIMEOUT.plus(hold)).await(request),
        WireMessages::outcome);
  }

  @Override
  public void abort(Membership membership, String code, int accused) throws ConnectionException {
    AbortRequest request =
        AbortRequest.newBuilder()
            .setSessionId(WireMessages.bytes(membership.session()))
            .setClientId(WireMessages.bytes(membership.client()))
            .setTicket(WireMessages.bytes(membership.ticket()))
            .setCode(code)
            .setAccused(accused)
            .build();
    call(() -> rounds(membership.client(), CALL_TIMEOUT).abort(request), Function.identity());
  }

  @Override
  public DownloadOutcome download(
      ContentHash hash, long offset, long bytesMax, Duration within, ArtifactSink sink)
      throws ConnectionException {
    DownloadRequest request =
        DownloadRequest.newBuilder()
            .setContentHash(WireMessages.bytes(hash))
            .setOffset(offset)
            .build();
    if (login != null) {
      login.ensure();
    }
    // Cancelled at the end in any case: a stream that is left in the middle must not run on.
    Context.CancellableContext context = Context.current().withCancellation();
    Context before = context.attach();
    try {
      Iterator<DownloadChunk> chunks =
          limited(ArtifactsGrpc.newBlockingStub(channel(hash)), within).download(request);
      return new DownloadReader(hash, offset, bytesMax, sink).read(chunks);
    } catch (StatusRuntimeException e) {
      if (login != null) {
        // Whoever fetches asks again, and then logs in.
        login.drop(e);
      }
      throw StatusMapping.toException(e.getStatus(), e.getTrailers());
    } finally {
      context.detach(before);
      context.cancel(null);
    }
  }

  @Override
  public void close() {
    closeShown();
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
  }

  private <A, T> T call(Supplier<A> call, Function<A, T> outcome) throws ConnectionException {
    A answer;
    try {
      answer = login == null ? call.get() : loggedIn(login, call);
    } catch (StatusRuntimeException e) {
      throw StatusMapping.toException(e.getStatus(), e.getTrailers());
    }
    try {
      return outcome.apply(answer);
    } catch (IllegalArgumentException e) {
      throw new ConnectionException(
          ConnectionException.Reason.MALFORMED_ANSWER,
          "the coordinator's answer breaks the contract: " + e.getMessage(),
          null,
          e);
    }
  }

  /** Once more after a new login, if the token was at fault: nothing has been done then. */
  private static <A> A loggedIn(CallLogin login, Supplier<A> call) throws ConnectionException {
    login.ensure();
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      if (!login.drop(e)) {
        throw e;
      }
    }
    login.ensure();
    return call.get();
  }

  private RoundsGrpc.RoundsBlockingStub rounds(ClientId client, Duration within) {
    return limited(RoundsGrpc.newBlockingStub(channel(client)), within);
  }

  private static <S extends AbstractStub<S>> S limited(S stub, Duration within) {
    return stub.withDeadlineAfter(within.toMillis(), TimeUnit.MILLISECONDS)
        .withMaxOutboundMessageSize(WireLimits.MESSAGE_BYTES_MAX);
  }

  /** The same channel for the same key. */
  private Channel channel(Object key) {
    int index = Math.floorMod(key.hashCode(), versioned.size());
    ManagedChannel channel = channels.get(index);
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // Who calls has waited as long as is right; the channel's own back-off of up to two minutes
      // would come on top.
      channel.resetConnectBackoff();
    }
    return versioned.get(index);
  }
}
