package io.tacit.client.connection;

/** The answer to a check-in: a session for the update, or a time to come back. */
public sealed interface CheckInOutcome permits SessionOffer, ComeBack {}
