package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;

/**
 * What a client announces of an upload before it sends it.
 *
 * @param totalBytes length of the payload, at least 1
 * @param sha256 hash of the payload
 */
record UploadIdentity(RecordKey key, long totalBytes, ContentHash sha256) {}
