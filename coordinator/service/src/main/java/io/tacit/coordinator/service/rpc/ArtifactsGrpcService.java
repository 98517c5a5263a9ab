package io.tacit.coordinator.service.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.models.ArtifactStore;
import io.tacit.protocol.v1.ArtifactsGrpc;
import io.tacit.protocol.v1.DownloadChunk;
import io.tacit.protocol.v1.DownloadRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/** {@code tacit.v1.Artifacts}. Files are read on workers, never on an event loop. */
@Singleton
class ArtifactsGrpcService extends ArtifactsGrpc.ArtifactsImplBase {

  private final ArtifactStore artifacts;
  private final OpenStreams streams;
  private final Executor workers;

  ArtifactsGrpcService(ArtifactStore artifacts, OpenStreams streams, Executor workers) {
    this.artifacts = artifacts;
    this.streams = streams;
    this.workers = workers;
  }

  @Override
  public void download(DownloadRequest request, StreamObserver<DownloadChunk> observer) {
    try {
      new DownloadStream(
              artifacts,
              WireFields.contentHash("content_hash", request.getContentHash()),
              request.getOffset(),
              (ServerCallStreamObserver<DownloadChunk>) observer,
              streams,
              workers)
          .start();
    } catch (RuntimeException e) {
      observer.onError(RpcStatus.of(e));
    }
  }
}
