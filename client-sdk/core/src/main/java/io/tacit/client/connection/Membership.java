package io.tacit.client.connection;

import io.tacit.protocol.ClientId;
import io.tacit.protocol.SessionId;

/**
 * A device's place in a session.
 *
 * @param session which session
 * @param client which device
 * @param ticket the proof
 */
public record Membership(SessionId session, ClientId client, Ticket ticket) {}
