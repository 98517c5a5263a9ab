package io.tacit.client.connection;

import io.tacit.protocol.ContentHash;

/** How far an upload has come. */
public sealed interface UploadStatus permits UploadStatus.Partial, UploadStatus.Stored, Refusal {

  /**
   * A part has arrived.
   *
   * @param offset bytes held from the start of the update
   * @param soFar SHA-256 of these bytes
   */
  record Partial(long offset, ContentHash soFar) implements UploadStatus {}

  /** The whole update is durable. */
  record Stored() implements UploadStatus {}
}
