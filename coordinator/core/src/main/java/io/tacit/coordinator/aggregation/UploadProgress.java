package io.tacit.coordinator.aggregation;

import io.tacit.protocol.ContentHash;

/**
 * What is held of an unfinished upload.
 *
 * @param offset bytes held from the start
 * @param sha256SoFar SHA-256 of these bytes
 */
public record UploadProgress(long offset, ContentHash sha256SoFar) {}
