package io.tacit.client.connection;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import java.time.Duration;

/**
 * Work for one device: train the plan on the model, then check in.
 *
 * @param round of which plan
 * @param planVersion as announced; the plan itself must say the same
 * @param planHash SHA-256 of the plan's bytes
 * @param modelHash SHA-256 of the model file to start from
 * @param trainWithin from the answer until a check-in is too late
 */
public record Assignment(
    RoundId round,
    int planVersion,
    ContentHash planHash,
    ContentHash modelHash,
    Duration trainWithin)
    implements PollOutcome {}
