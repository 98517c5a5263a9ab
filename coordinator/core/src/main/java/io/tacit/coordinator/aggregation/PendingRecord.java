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

  /** Bytes of heap that it keeps while it waits. */
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

  static PendingRecord ofFile(
      RecordKey key, long payloadBytes, int payloadCrc, ContentHash sha256, Source source) {
    return new PendingRecord(key, sha256, payloadBytes, payloadCrc, source, 0);
  }
}
