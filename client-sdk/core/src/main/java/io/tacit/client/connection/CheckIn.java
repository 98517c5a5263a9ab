package io.tacit.client.connection;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;

/**
 * What a finished update was made for.
 *
 * @param round of which plan
 * @param planHash SHA-256 of the plan's bytes
 * @param modelHash SHA-256 of the model file that training started from
 */
public record CheckIn(RoundId round, ContentHash planHash, ContentHash modelHash) {}
