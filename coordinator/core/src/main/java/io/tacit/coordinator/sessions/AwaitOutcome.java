package io.tacit.coordinator.sessions;

/** The answer to a device that waits for its session. */
public sealed interface AwaitOutcome permits SessionProgress, Refusal {}
