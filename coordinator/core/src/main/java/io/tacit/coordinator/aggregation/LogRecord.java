package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;

/**
 * One durable record, without its payload.
 *
 * @param key whose it is
 * @param offset where it begins in the log
 * @param payloadBytes length of the payload, at least 1
 * @param sha256 of the payload
 */
public record LogRecord(RecordKey key, long offset, long payloadBytes, ContentHash sha256) {}
