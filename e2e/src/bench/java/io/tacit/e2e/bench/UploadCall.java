package io.tacit.e2e.bench;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One upload that holds no thread: chunks go out as the transport takes them. Used once. */
final class UploadCall implements ClientResponseObserver<UploadChunk, UploadResponse> {

  private final UploadHeader header;
  private final List<ByteString> chunks;
  private final CompletableFuture<UploadResponse> answer = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<UploadChunk> requests;
  private int sent;

  private UploadCall(UploadHeader header, List<ByteString> chunks) {
    this.header = header;
    this.chunks = chunks;
  }

  /** Sends an update in these chunks. Completes when it is acknowledged, fails if it is refused. */
  static CompletionStage<UploadResponse> send(
      RoundsGrpc.RoundsStub stub, UploadHeader header, List<ByteString> chunks) {
    UploadCall call = new UploadCall(header, chunks);
    stub.upload(call);
    if (chunks.size() == 1) {
      call.sendNext(); // It need not wait until the transport is ready for more.
    }
    return call.answer;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<UploadChunk> stream) {
    requests = stream;
    if (chunks.size() > 1) {
      stream.setOnReadyHandler(this::sendWhileReady);
    }
  }

  private void sendWhileReady() {
    while (sent < chunks.size() && requests().isReady()) {
      sendNext();
    }
  }

  private void sendNext() {
    UploadChunk.Builder chunk = UploadChunk.newBuilder().setData(chunks.get(sent));
    if (sent == 0) {
      chunk.setHeader(header);
    }
    requests().onNext(chunk.build());
    if (++sent == chunks.size()) {
      requests().onCompleted();
    }
  }

  private ClientCallStreamObserver<UploadChunk> requests() {
    return Objects.requireNonNull(requests, "the call has not begun");
  }

  @Override
  public void onNext(UploadResponse response) {
    if (response.hasAccepted()) {
      answer.complete(response);
    } else {
      answer.completeExceptionally(
          new IllegalStateException("an upload was refused: " + response.getRefused().getDetail()));
    }
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {}
}
