package io.tacit.coordinator.aggregation;

import java.util.concurrent.atomic.LongAdder;

/** The running counts behind {@link SpoolStatistics}, and the places that can fill up. */
final class SpoolCounters {

  final LongAdder records = new LongAdder();
  final LongAdder payloadBytes = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder fsyncNanos = new LongAdder();
  final LongAdder failedBatches = new LongAdder();
  final LongAdder bytesCut = new LongAdder();

  final Admission queue;
  final Admission staging;

  /** The part of the staging area that is in memory. */
  final Admission stagingMemory;

  SpoolCounters(SpoolSettings settings) {
    queue =
        new Admission("the write queue", settings.queuedRecordsMax(), settings.queuedBytesMax());
    staging =
        new Admission("the staging area", settings.stagedUploadsMax(), settings.stagedBytesMax());
    stagingMemory =
        new Admission(
            "the memory of the staging area",
            settings.stagedUploadsMax(),
            settings.stagedMemoryBytesMax());
  }

  SpoolStatistics snapshot() {
    return new SpoolStatistics(
        records.sum(),
        payloadBytes.sum(),
        batches.sum(),
        fsyncNanos.sum() / 1e9,
        failedBatches.sum(),
        bytesCut.sum(),
        queue.items(),
        queue.bytes(),
        staging.items(),
        staging.bytes(),
        stagingMemory.bytes());
  }
}
