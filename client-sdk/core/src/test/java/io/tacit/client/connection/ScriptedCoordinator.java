package io.tacit.client.connection;

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
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.ProtocolVersion;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.AbortResponse;
import io.tacit.protocol.v1.Accepted;
import io.tacit.protocol.v1.ArtifactNotFound;
import io.tacit.protocol.v1.ArtifactsGrpc;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.CheckInResponse;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.DownloadChunk;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.ModelsGrpc;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.Refused;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.SubmitResponse;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadProgress;
import io.tacit.protocol.v1.UploadResponse;
import io.tacit.protocol.v1.UploadStatusRequest;
import io.tacit.protocol.v1.UploadStatusResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator on a real socket that does what a test says. It keeps what it got, in order, and
 * survives {@link #stop} like one with a disk.
 */
public final class ScriptedCoordinator implements AutoCloseable {

  private static final int WINDOW_BYTES = 64 << 20;

  private static final Metadata.Key<String> VERSION =
      Metadata.Key.of(ProtocolVersion.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> REASON =
      Metadata.Key.of(ProtocolVersion.REASON_KEY, Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of(ProtocolVersion.RETRY_AFTER_KEY, Metadata.ASCII_STRING_MARSHALLER);

  /** What a script answers with; a failure is a {@code StatusRuntimeException} that it throws. */
  public volatile Function<PollRequest, PollResponse> onPoll =
      request -> {
        throw unscripted();
      };

  public volatile Function<CheckInRequest, CheckInResponse> onCheckIn =
      request -> {
        throw unscripted();
      };
  public volatile Function<SubmitRequest, SubmitResponse> onSubmit =
      request -> {
        throw unscripted();
      };
  public volatile Function<AwaitRequest, AwaitResponse> onAwait =
      request -> {
        throw unscripted();
      };

  /** Current models of every population. */
  public volatile Function<CurrentModelsRequest, CurrentModelsResponse> onCurrentModels =
      request -> CurrentModelsResponse.getDefaultInstance();

  /** Called with the header before a byte of an upload is kept. */
  public volatile Function<UploadHeader, @Nullable RefusalReason> onUpload = header -> null;

  /** What answers say; null for an answer without. */
  public volatile @Nullable String protocolVersion = String.valueOf(ProtocolVersion.CURRENT);

  /** Uploads break off, one each, after so many bytes. */
  public final List<Integer> uploadCuts = Collections.synchronizedList(new ArrayList<>());

  /** Downloads break off, one each, after so many bytes. */
  public final List<Integer> downloadCuts = Collections.synchronizedList(new ArrayList<>());

  /** Data bytes of one chunk of a download. */
  public volatile int downloadChunkBytes = WireLimits.CHUNK_BYTES_MAX;

  private final Map<ContentHash, byte[]> artifacts = new HashMap<>();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<String> versionsSeen = Collections.synchronizedList(new ArrayList<>());
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private int port;
  private @Nullable Server server;

  /** A coordinator on a free port of the loopback interface. */
  public ScriptedCoordinator() {
    start();
    port = Objects.requireNonNull(server).getPort();
  }

  /** Starts it (again), on the same port. */
  public void start() {
    try {
      server =
          OkHttpServerBuilder.forPort(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                  InsecureServerCredentials.create())
              // This server never gives back the window of data that comes after it has closed a
              // stream; a real coordinator (Netty) does. So give it enough for all tests.
              .flowControlWindow(WINDOW_BYTES)
              .addService(new Rounds())
              .addService(new Models())
              .addService(new Artifacts())
              .intercept(new Versions())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Breaks all connections; what was kept stays. */
  public void stop() {
    try {
      Objects.requireNonNull(server).shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** A new connection to it. */
  public GrpcCoordinatorConnection connect() {
    return GrpcCoordinatorConnection.open(
        GrpcConnectionSettings.plaintextForDevelopment("127.0.0.1", port));
  }

  /** Its port. */
  public int port() {
    return port;
  }

  /** Serves these bytes under their hash. */
  public ContentHash publish(byte[] artifact) {
    ContentHash hash = ContentHash.of(artifact);
    artifacts.put(hash, artifact);
    return hash;
  }

  /** Serves these bytes under another hash. */
  public void publishAs(ContentHash hash, byte[] artifact) {
    artifacts.put(hash, artifact);
  }

  /** Names of the calls so far, in order; uploads and downloads with their offset. */
  public List<String> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** Protocol versions that the calls so far named. */
  public List<String> versionsSeen() {
    synchronized (versionsSeen) {
      return List.copyOf(versionsSeen);
    }
  }

  /** Bytes of the upload that have arrived. */
  public synchronized byte[] uploaded() {
    return held.toByteArray();
  }

  /** A status as the contract has it, to be thrown by a script. */
  public static RuntimeException failure(
      Status status, @Nullable String reason, @Nullable String retryAfterMillis) {
    Metadata trailers = new Metadata();
    if (reason != null) {
      trailers.put(REASON, reason);
    }
    if (retryAfterMillis != null) {
      trailers.put(RETRY_AFTER, retryAfterMillis);
    }
    return status.asRuntimeException(trailers);
  }

  private static RuntimeException unscripted() {
    return failure(Status.UNIMPLEMENTED.withDescription("not in the script"), null, null);
  }

  private <Q, A> void answer(
      String call, Q request, Function<Q, A> script, StreamObserver<A> observer) {
    calls.add(call);
    try {
      observer.onNext(script.apply(request));
      observer.onCompleted();
    } catch (RuntimeException e) {
      observer.onError(e);
    }
  }

  private final class Versions implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      versionsSeen.add(String.valueOf(headers.get(VERSION)));
      return next.startCall(
          new SimpleForwardingServerCall<Q, A>(call) {
            @Override
            public void sendHeaders(Metadata answer) {
              if (protocolVersion != null) {
                answer.put(VERSION, protocolVersion);
              }
              super.sendHeaders(answer);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              if (protocolVersion != null) {
                trailers.put(VERSION, protocolVersion);
              }
              super.close(status, trailers);
            }
          },
          headers);
    }
  }

  private final class Rounds extends RoundsGrpc.RoundsImplBase {

    @Override
    public void poll(PollRequest request, StreamObserver<PollResponse> observer) {
      answer("poll", request, onPoll, observer);
    }

    @Override
    public void checkIn(CheckInRequest request, StreamObserver<CheckInResponse> observer) {
      answer("check-in", request, onCheckIn, observer);
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> observer) {
      answer("submit", request, onSubmit, observer);
    }

    @Override
    public void await(AwaitRequest request, StreamObserver<AwaitResponse> observer) {
      answer("await " + request.getKnown().name(), request, onAwait, observer);
    }

    @Override
    public void abort(AbortRequest request, StreamObserver<AbortResponse> observer) {
      answer(
          "abort "
              + request.getCode()
              + (request.getAccused() == 0 ? "" : " " + request.getAccused()),
          request,
          any -> AbortResponse.getDefaultInstance(),
          observer);
    }

    @Override
    public void uploadStatus(
        UploadStatusRequest request, StreamObserver<UploadStatusResponse> observer) {
      answer(
          "upload-status",
          request,
          any ->
              UploadStatusResponse.newBuilder()
                  .setProgress(
                      UploadProgress.newBuilder()
                          .setOffset(uploaded().length)
                          .setSha256SoFar(
                              ByteString.copyFrom(ContentHash.of(uploaded()).toBytes())))
                  .build(),
          observer);
    }

    @Override
    public StreamObserver<UploadChunk> upload(StreamObserver<UploadResponse> observer) {
      return new Receiver(observer);
    }
  }

  private final class Receiver implements StreamObserver<UploadChunk> {

    private final StreamObserver<UploadResponse> observer;
    private @Nullable UploadHeader header;
    private boolean over;

    Receiver(StreamObserver<UploadResponse> observer) {
      this.observer = observer;
    }

    @Override
    public void onNext(UploadChunk chunk) {
      if (chunk.hasHeader()) {
        header = chunk.getHeader();
        calls.add("upload " + header.getOffset());
        begin(header);
      }
      synchronized (ScriptedCoordinator.this) {
        byte[] data = chunk.getData().toByteArray();
        int room = uploadCuts.isEmpty() ? Integer.MAX_VALUE : uploadCuts.get(0) - held.size();
        if (!over) {
          held.write(data, 0, Math.min(data.length, room));
        }
        if (!over && data.length >= room) {
          uploadCuts.remove(0);
          over = true;
          observer.onError(Status.UNAVAILABLE.withDescription("cut by script").asException());
        }
      }
    }

    private void begin(UploadHeader first) {
      RefusalReason reason;
      try {
        reason = onUpload.apply(first);
      } catch (RuntimeException e) {
        over = true;
        observer.onError(e);
        return;
      }
      if (reason != null) {
        refuse(reason);
        return;
      }
      synchronized (ScriptedCoordinator.this) {
        if (first.getOffset() == 0) {
          held.reset();
        } else if (first.getOffset() != held.size()) {
          refuse(RefusalReason.REFUSAL_REASON_WRONG_OFFSET);
        }
      }
    }

    private void refuse(RefusalReason reason) {
      over = true;
      observer.onNext(
          UploadResponse.newBuilder()
              .setRefused(Refused.newBuilder().setReason(reason).setDetail("by script"))
              .build());
      observer.onCompleted();
    }

    @Override
    public void onCompleted() {
      if (over) {
        return;
      }
      boolean isWhole =
          ContentHash.of(uploaded())
              .equals(
                  ContentHash.fromDigest(Objects.requireNonNull(header).getSha256().toByteArray()));
      if (isWhole) {
        observer.onNext(
            UploadResponse.newBuilder().setAccepted(Accepted.getDefaultInstance()).build());
        observer.onCompleted();
      } else {
        refuse(RefusalReason.REFUSAL_REASON_WRONG_DIGEST);
      }
    }

    @Override
    public void onError(Throwable error) {
      over = true;
    }
  }

  private final class Models extends ModelsGrpc.ModelsImplBase {

    @Override
    public void current(
        CurrentModelsRequest request, StreamObserver<CurrentModelsResponse> observer) {
      answer("current models", request, onCurrentModels, observer);
    }
  }

  private final class Artifacts extends ArtifactsGrpc.ArtifactsImplBase {

    @Override
    public void download(DownloadRequest request, StreamObserver<DownloadChunk> observer) {
      calls.add("download " + request.getOffset());
      byte[] bytes = artifacts.get(ContentHash.fromDigest(request.getContentHash().toByteArray()));
      if (bytes == null) {
        observer.onNext(
            DownloadChunk.newBuilder().setNotFound(ArtifactNotFound.getDefaultInstance()).build());
        observer.onCompleted();
        return;
      }
      int end = downloadCuts.isEmpty() ? bytes.length : downloadCuts.remove(0);
      for (int from = (int) request.getOffset(); from < end; from += downloadChunkBytes) {
        int size = Math.min(downloadChunkBytes, end - from);
        observer.onNext(
            DownloadChunk.newBuilder()
                .setData(ByteString.copyFrom(bytes, from, size))
                .setTotalBytes(bytes.length)
                .build());
      }
      if (end < bytes.length) {
        observer.onError(Status.UNAVAILABLE.withDescription("cut by script").asException());
      } else {
        observer.onCompleted();
      }
    }
  }
}
