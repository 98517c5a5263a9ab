package io.tacit.coordinator.aggregation;

/** What became of the wish to start or continue an upload. */
public sealed interface UploadStart {

  /** Chunks may come. */
  record Ready(PartialUpload upload) implements UploadStart {}

  /** Nothing is to be sent: this is the answer to the whole upload. */
  record Settled(Acceptance answer) implements UploadStart {}
}
