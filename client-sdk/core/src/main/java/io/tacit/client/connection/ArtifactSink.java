package io.tacit.client.connection;

import java.nio.ByteBuffer;

/** Takes the bytes of a download, in order and without gaps. */
@FunctionalInterface
public interface ArtifactSink {

  /**
   * Takes the next bytes.
   *
   * @param data read only, at most 256 KiB, valid during the call only
   */
  void accept(ByteBuffer data);
}
