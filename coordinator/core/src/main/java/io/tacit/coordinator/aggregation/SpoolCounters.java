package io.tacit.coordinator.aggregation;

import java.util.concurrent.atomic.LongAdder;

/** The running counts behind {@link SpoolStatistics}, and the two places that can fill up. */
final class SpoolCounters {

  final LongAdder records = new LongAdder();
  final LongAdder payloadBytes = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder fsyncNanos = new LongAdder();
  final LongAdder failedBatches = new LongAdder();
  final LongAdder bytesCut = new LongAdder();

  final Admission queue;
  final Admission staging;

  SpoolCounters(SpoolSettings settings) {
    queue =
        new Admission("the write queue", settings.queuedRecordsMax(), settings.queuedBytesMax());
    staging =
        new Admission("the staging area", settings.stagedUploadsMax(), settings.stagedBytesMax());
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
        staging.bytes());
  }
}
