package io.tacit.coordinator.aggregation;

/**
 * What a {@link SpoolUpdateLog} has done since it was started, and what it holds now.
 *
 * @param records records made durable
 * @param payloadBytes bytes of their payloads
 * @param batches successful group commits, each one fsync
 * @param fsyncSeconds seconds spent in these
 * @param failedBatches group commits that failed; their records were not stored
 * @param bytesCut bytes of torn tails cut off when sessions were opened
 * @param queuedItems records and chunks that wait for the disk
 * @param queuedBytes bytes of these
 * @param stagedUploads partial uploads held
 * @param stagedBytes bytes announced for these
 * @param stagedMemoryBytes the part of these that is held in memory
 */
public record SpoolStatistics(
    long records,
    long payloadBytes,
    long batches,
    double fsyncSeconds,
    long failedBatches,
    long bytesCut,
    int queuedItems,
    long queuedBytes,
    int stagedUploads,
    long stagedBytes,
    long stagedMemoryBytes) {}
