package io.tacit.client.connection;

import io.tacit.client.connection.ConnectionException.Reason;
import io.tacit.protocol.ContentHash;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Fetches one artifact, in as many tries as it takes.
 *
 * <p>Guarantee: what it returns has the hash that was asked for, whoever sent it; memory grows with
 * what has arrived, never with what is announced. Not thread-safe.
 */
public final class ArtifactFetcher {

  private static final int START_BYTES = 8 * 1024;

  private final CoordinatorConnection connection;
  private final ContentHash hash;
  private final int bytesMax;
  private byte[] bytes;
  private int length;

  /**
   * @param hash of the artifact that is wanted
   * @param bytesMax largest size that is accepted
   */
  public ArtifactFetcher(CoordinatorConnection connection, ContentHash hash, int bytesMax) {
    this.connection = connection;
    this.hash = hash;
    this.bytesMax = bytesMax;
    this.bytes = new byte[Math.min(START_BYTES, bytesMax)];
  }

  /**
   * Fetches what is missing. After a retryable failure call it again: it goes on where it stopped.
   *
   * @param within how long this try may take
   * @return the verified bytes, or empty if the coordinator has no such artifact
   * @throws ConnectionException also with {@link Reason#WRONG_HASH} and {@link Reason#TOO_LARGE}
   */
  public Optional<byte[]> fetch(Duration within) throws ConnectionException {
    DownloadOutcome outcome = connection.download(hash, length, bytesMax, within, this::append);
    if (outcome instanceof DownloadOutcome.NotFound) {
      return Optional.empty();
    }
    byte[] content = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    ContentHash actual = ContentHash.of(content);
    if (!actual.equals(hash)) {
      // A later try must not build on bytes of which some are wrong.
      length = 0;
      throw new ConnectionException(
          Reason.WRONG_HASH,
          "artifact has hash "
              + actual.toHex()
              + ", must have "
              + hash.toHex()
              + "; what came is thrown away");
    }
    return Optional.of(content);
  }

  /** Bytes that have arrived so far. */
  public int bytesReceived() {
    return length;
  }

  private void append(ByteBuffer data) {
    int size = data.remaining();
    if (size > bytesMax - length) {
      throw new IllegalStateException(
          "connection handed on " + (length + (long) size) + " bytes of at most " + bytesMax);
    }
    if (length + size > bytes.length) {
      long grown = Math.max(2L * bytes.length, length + size);
      bytes = Arrays.copyOf(bytes, (int) Math.min(grown, bytesMax));
    }
    data.get(bytes, length, size);
    length += size;
  }
}
