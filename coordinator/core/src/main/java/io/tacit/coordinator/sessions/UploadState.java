package io.tacit.coordinator.sessions;

import io.tacit.protocol.ContentHash;

/** How far a client's upload is. */
public sealed interface UploadState {

  /**
   * Not all of it has arrived.
   *
   * @param offset bytes held from the start; resume here
   * @param sha256SoFar of these bytes
   */
  record Partial(long offset, ContentHash sha256SoFar) implements UploadState {}

  /** All of it is durable. */
  record Complete(byte[] ticket) implements UploadState {

    @Override
    public String toString() {
      return "Complete";
    }
  }

  /** There can be no upload. */
  record Unavailable(Refusal refusal) implements UploadState {}
}
