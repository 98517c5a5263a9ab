package io.tacit.client.connection;

import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.v1.DownloadChunk;
import java.util.Iterator;

/** Checks the chunks of a download against what was asked for, and hands them on. */
final class DownloadReader {

  private static final long UNKNOWN = -1;

  private final ContentHash hash;
  private final long bytesMax;
  private final ArtifactSink sink;
  private long position;
  private long total = UNKNOWN;

  /**
   * @param offset of the first byte that the chunks hold
   * @param bytesMax bound on the whole artifact
   */
  DownloadReader(ContentHash hash, long offset, long bytesMax, ArtifactSink sink) {
    this.hash = hash;
    this.position = offset;
    this.bytesMax = bytesMax;
    this.sink = sink;
  }

  /** Reads to the end. */
  DownloadOutcome read(Iterator<DownloadChunk> chunks) throws ConnectionException {
    while (chunks.hasNext()) {
      DownloadChunk chunk = chunks.next();
      if (chunk.getOutcomeCase() == DownloadChunk.OutcomeCase.NOT_FOUND) {
        return new DownloadOutcome.NotFound();
      }
      accept(chunk);
    }
    if (total != UNKNOWN && position != total) {
      throw malformed("ended after byte " + position + " of " + total);
    }
    return new DownloadOutcome.Complete(position);
  }

  private void accept(DownloadChunk chunk) throws ConnectionException {
    int size = chunk.getData().size();
    if (total == UNKNOWN) {
      total = chunk.getTotalBytes();
      if (total > bytesMax || total < 0) {
        throw new ConnectionException(
            Reason.TOO_LARGE,
            "artifact "
                + hash
                + " has "
                + Long.toUnsignedString(total)
                + " bytes, this client takes at most "
                + bytesMax);
      }
    }
    if (chunk.getTotalBytes() != total
        || size > WireLimits.CHUNK_BYTES_MAX
        || position + size > total) {
      throw malformed("has a chunk of " + size + " bytes at byte " + position + " of " + total);
    }
    position += size;
    sink.accept(chunk.getData().asReadOnlyByteBuffer());
  }

  private ConnectionException malformed(String what) {
    return new ConnectionException(
        Reason.MALFORMED_ANSWER, "the download of artifact " + hash + " " + what + "; try again");
  }
}
