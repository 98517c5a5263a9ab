package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A record on its way into the log. */
final class PendingRecord {

  /** Where the bytes of a payload come from. */
  interface Source {
    void writeTo(LogFile.Writer out) throws IOException;
  }

  final RecordKey key;
  final ContentHash sha256;
  final long payloadBytes;
  final int payloadCrc;
  final Source source;

  /** Bytes of heap that the queue answers for while it waits. */
  final long heapBytes;

  /** Completed when the record is durable, refused, or has failed. */
  final CompletableFuture<Acceptance> answer = new CompletableFuture<>();

  private PendingRecord(
      RecordKey key,
      ContentHash sha256,
      long payloadBytes,
      int payloadCrc,
      Source source,
      long heapBytes) {
    this.key = key;
    this.sha256 = sha256;
    this.payloadBytes = payloadBytes;
    this.payloadCrc = payloadCrc;
    this.source = source;
    this.heapBytes = heapBytes;
  }

  static PendingRecord ofBytes(RecordKey key, ByteBuffer payload, ContentHash sha256) {
    int crc = RecordHeader.crc(payload.duplicate());
    // Duplicated for every attempt: a failed write must not leave the position in the middle.
    Source source = out -> out.put(payload.duplicate());
    long bytes = payload.remaining();
    return new PendingRecord(key, sha256, bytes, crc, source, bytes);
  }

  /** Of an upload that is whole; what it keeps of the heap is counted where it is staged. */
  static PendingRecord staged(UploadIdentity upload, int payloadCrc, Source source) {
    return new PendingRecord(
        upload.key(), upload.sha256(), upload.totalBytes(), payloadCrc, source, 0);
  }
}
