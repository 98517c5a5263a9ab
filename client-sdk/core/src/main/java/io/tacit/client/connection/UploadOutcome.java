package io.tacit.client.connection;

/** The answer to an upload: the update is durable, or why it was not stored. */
public sealed interface UploadOutcome permits UploadOutcome.Stored, Refusal {

  /** The whole update is durable. */
  record Stored() implements UploadOutcome {}
}
