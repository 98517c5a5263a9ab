package io.tacit.coordinator.sessions;

import io.tacit.protocol.ClientId;

/**
 * A device left a session because of a bad message of another. Either may be lying, so that they
 * are kept apart for a round and nobody is judged.
 *
 * @param reporter who says so
 * @param accused whose message it is about
 */
public record Accusation(ClientId reporter, ClientId accused) {}
