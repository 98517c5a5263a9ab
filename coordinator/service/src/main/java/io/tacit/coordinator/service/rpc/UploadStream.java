package io.tacit.coordinator.service.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tacit.coordinator.aggregation.ChunkOutcome;
import io.tacit.coordinator.aggregation.PartialUpload;
import io.tacit.coordinator.aggregation.Refused;
import io.tacit.coordinator.aggregation.UploadStart;
import io.tacit.coordinator.sessions.Sessions;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadHeader;
import io.tacit.protocol.v1.UploadResponse;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One upload. The next chunk is asked for only when the log has taken the last: that is the flow
 * control, so a stream holds one chunk of memory, and only the end of the stream can overlap the
 * work on a chunk.
 */
final class UploadStream implements StreamObserver<UploadChunk> {

  private final Sessions sessions;
  private final ServerCallStreamObserver<UploadResponse> observer;
  private final OpenStreams streams;
  private final OpenStreams.Stream place;
  private final AtomicBoolean answered = new AtomicBoolean();

  private UploadAdmission.@Nullable Admitted admitted;
  private @Nullable PartialUpload partial;

  // Guarded by this: chunks are stored on threads of the log, the stream ends on an event loop.
  private long nextOffset;
  private boolean storing;
  private boolean ended;

  /**
   * @throws io.grpc.StatusRuntimeException BUSY, if too many streams are open
   */
  UploadStream(
      Sessions sessions, OpenStreams streams, ServerCallStreamObserver<UploadResponse> observer) {
    this.sessions = sessions;
    this.observer = observer;
    this.streams = streams;
    this.place = streams.enter(this::endIdle);
    observer.disableAutoRequest();
    observer.setOnCancelHandler(this::isFirstEnd);
    observer.request(1);
  }

  @Override
  public void onNext(UploadChunk chunk) {
    if (answered.get()) {
      return;
    }
    place.moved(chunk.getData().size());
    try {
      if (chunk.getData().size() > WireLimits.CHUNK_BYTES_MAX) {
        throw RpcStatus.malformed(
            "data has "
                + chunk.getData().size()
                + " bytes, must have at most "
                + WireLimits.CHUNK_BYTES_MAX);
      }
      if (admitted == null) {
        begin(chunk);
      } else if (partial != null) {
        beginStoring(nextOffset());
        write(admitted, partial, chunk.getData());
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void begin(UploadChunk chunk) {
    if (!chunk.hasHeader()) {
      throw RpcStatus.malformed("header is missing in the first chunk");
    }
    UploadHeader header = chunk.getHeader();
    UploadAdmission admission =
        sessions.admitUpload(
            WireFields.sessionId(header.getSessionId()),
            WireFields.clientId(header.getClientId()),
            WireFields.ticket(header.getTicket()),
            header.getTotalBytes(),
            WireFields.contentHash("sha256", header.getSha256()));
    if (admission instanceof UploadAdmission.Denied denied) {
      answer(denied.refusal());
    } else if (admission instanceof UploadAdmission.Admitted entry) {
      admitted = entry;
      if (header.getOffset() == 0 && chunk.getData().size() == entry.totalBytes()) {
        answerWith(entry.whole(chunk.getData().asReadOnlyByteBuffer()));
      } else {
        beginStoring(header.getOffset());
        resume(entry, chunk.getData());
      }
    }
  }

  private void resume(UploadAdmission.Admitted entry, ByteString data) {
    entry
        .resume()
        .whenComplete(
            (start, failure) -> {
              if (failure != null) {
                fail(failure);
              } else if (start instanceof UploadStart.Settled settled) {
                answerSettled(entry, settled);
              } else if (start instanceof UploadStart.Ready ready) {
                partial = ready.upload();
                write(entry, ready.upload(), data);
              }
            });
  }

  private void write(UploadAdmission.Admitted entry, PartialUpload upload, ByteString data) {
    upload
        .write(nextOffset(), data.asReadOnlyByteBuffer())
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                fail(failure);
              } else if (outcome instanceof Refused refused) {
                answerRefused(refused);
              } else if (outcome instanceof ChunkOutcome.Stored stored) {
                goOn(entry, upload, stored.nextOffset());
              }
            });
  }

  private void goOn(UploadAdmission.Admitted entry, PartialUpload upload, long offset) {
    if (isLast(offset, entry.totalBytes())) {
      answerWith(upload.finish().thenApply(entry::settle));
    } else {
      entry.goesOn();
      observer.request(1);
    }
  }

  private synchronized void beginStoring(long offset) {
    nextOffset = offset;
    storing = true;
  }

  private synchronized long nextOffset() {
    return nextOffset;
  }

  /** Whether the chunk that is stored now was the last. */
  private synchronized boolean isLast(long offset, long totalBytes) {
    nextOffset = offset;
    storing = false;
    return ended || offset == totalBytes;
  }

  /** Whether the stream has ended early, with nothing under way that would notice. */
  private synchronized boolean endsShort(long totalBytes) {
    ended = true;
    return !storing && nextOffset < totalBytes;
  }

  @Override
  public void onCompleted() {
    UploadAdmission.Admitted entry = admitted;
    if (entry == null) {
      fail(RpcStatus.malformed("the stream ended without a chunk"));
    } else if (endsShort(entry.totalBytes()) && partial != null) {
      // The log's answer says how much is missing; what came stays for a later stream.
      answerWith(partial.finish().thenApply(entry::settle));
    }
  }

  @Override
  public void onError(Throwable failure) {
    isFirstEnd();
  }

  /** Not while we keep the device waiting. */
  private synchronized void endIdle() {
    if (!storing) {
      fail(streams.idle());
    }
  }

  private boolean isFirstEnd() {
    place.leave();
    return answered.compareAndSet(false, true);
  }

  private void answerSettled(UploadAdmission.Admitted entry, UploadStart.Settled settled) {
    try {
      answer(entry.settle(settled.answer()));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void answerRefused(Refused refused) {
    try {
      UploadAdmission.Admitted entry = admitted;
      if (entry != null) {
        answer(entry.refusal(refused));
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void answerWith(CompletionStage<SubmitOutcome> outcome) {
    outcome.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            fail(failure);
          } else {
            answer(value);
          }
        });
  }

  private void answer(SubmitOutcome outcome) {
    if (isFirstEnd()) {
      Replies.send(observer, () -> Replies.upload(outcome));
    }
  }

  private void fail(Throwable failure) {
    if (isFirstEnd()) {
      observer.onError(RpcStatus.of(failure));
    }
  }
}
