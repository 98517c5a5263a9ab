package io.tacit.client.connection;

/** The answer to a wait: where the session stands, or why the device may not know. */
public sealed interface AwaitOutcome permits SessionState, Refusal {}
