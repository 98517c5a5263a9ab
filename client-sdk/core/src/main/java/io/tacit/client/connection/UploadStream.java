package io.tacit.client.connection;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadResponse;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of chunks. The calling thread writes, only as fast as the network takes them: what is
 * not sent yet stays in the update's own array. Used once.
 */
final class UploadStream implements ClientResponseObserver<UploadChunk, UploadResponse> {

  private @Nullable ClientCallStreamObserver<UploadChunk> requests;

  // Written by the transport's thread under the monitor of this object.
  private @Nullable UploadResponse response;
  private boolean over;
  private @Nullable Throwable failure;

  /**
   * Sends everything from an offset on and waits for the answer.
   *
   * @param stub with a deadline, which ends every wait in here
   * @throws StatusRuntimeException if the call failed
   */
  UploadResponse send(RoundsGrpc.RoundsStub stub, UploadHeader header, Upload upload, int offset) {
    stub.upload(this);
    try {
      write(header, upload, offset);
      return awaitResponse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      requests().cancel("interrupted", e);
      throw Status.CANCELLED.withCause(e).asRuntimeException();
    }
  }

  private void write(UploadHeader header, Upload upload, int offset) throws InterruptedException {
    ByteBuffer bytes = upload.bytes();
    int from = offset;
    do {
      if (!awaitReady()) {
        return;
      }
      int to = Math.min(from + WireLimits.CHUNK_BYTES_MAX, upload.size());
      ((Buffer) bytes).limit(to);
      ((Buffer) bytes).position(from);
      UploadChunk.Builder chunk =
          UploadChunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(bytes.slice()));
      if (from == offset) {
        chunk.setHeader(header);
      }
      requests().onNext(chunk.build());
      from = to;
    } while (from < upload.size());
    requests().onCompleted();
  }

  /** Waits until the network takes more; false if the coordinator has ended the call. */
  private synchronized boolean awaitReady() throws InterruptedException {
    while (!over && !requests().isReady()) {
      wait();
    }
    return !over;
  }

  private synchronized UploadResponse awaitResponse() throws InterruptedException {
    while (!over) {
      wait();
    }
    if (failure != null) {
      throw new StatusRuntimeException(
          Status.fromThrowable(failure), Status.trailersFromThrowable(failure));
    }
    return Objects.requireNonNull(response, "gRPC completed a call without its response");
  }

  private ClientCallStreamObserver<UploadChunk> requests() {
    return Objects.requireNonNull(requests, "the call has not begun");
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<UploadChunk> stream) {
    requests = stream;
    stream.setOnReadyHandler(this::wake);
  }

  private synchronized void wake() {
    notifyAll();
  }

  @Override
  public synchronized void onNext(UploadResponse value) {
    response = value;
  }

  @Override
  public synchronized void onError(Throwable error) {
    failure = error;
    over = true;
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    over = true;
    notifyAll();
  }
}
