package io.tacit.client.connection;

/** The answer to a poll: work, or a time to come back. */
public sealed interface PollOutcome permits Assignment, ComeBack {}
