package io.tacit.client.connection;

/** The end of a download. */
public sealed interface DownloadOutcome {

  /**
   * Every byte up to the end of the artifact went into the sink.
   *
   * @param totalBytes size of the whole artifact
   */
  record Complete(long totalBytes) implements DownloadOutcome {}

  /** The coordinator has no artifact of this hash (any more); nothing went into the sink. */
  record NotFound() implements DownloadOutcome {}
}
