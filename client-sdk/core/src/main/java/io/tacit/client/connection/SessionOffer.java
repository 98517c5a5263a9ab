package io.tacit.client.connection;

import io.tacit.protocol.SessionId;
import java.time.Duration;

/**
 * A session that would take the update.
 *
 * @param session its id
 * @param suite of aggregation; 0 is PLAIN
 * @param advertiseWithin until the roster freezes at the latest
 * @param inputWithin from the frozen roster until the inputs freeze at the latest
 */
public record SessionOffer(
    SessionId session, int suite, Duration advertiseWithin, Duration inputWithin)
    implements CheckInOutcome {}
