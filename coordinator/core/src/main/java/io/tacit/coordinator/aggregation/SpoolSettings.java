package io.tacit.coordinator.aggregation;

import io.tacit.protocol.WireLimits;

/**
 * The limits of a {@link SpoolUpdateLog}.
 *
 * @param payloadBytesMax bytes of one payload
 * @param recordsPerSessionMax records of one session; each costs about 250 bytes of heap
 * @param openSessionsMax sessions open at once; each holds one file
 * @param queuedRecordsMax records and chunks that wait for the disk, over all sessions
 * @param queuedBytesMax bytes of these; a single one may exceed it when nothing else waits
 * @param batchBytesMax bytes written before an fsync; a single record may exceed it
 * @param stagedUploadsMax partial uploads held, over all sessions
 * @param stagedBytesMax bytes announced for these, in files or in memory
 * @param stagedMemoryBytesMax the part of these that may be heap; uploads that find no room in it
 *     go to files; 0 to hold none in memory
 * @param writerThreads threads that write; each holds 1 MiB outside of the heap
 */
public record SpoolSettings(
    long payloadBytesMax,
    int recordsPerSessionMax,
    int openSessionsMax,
    int queuedRecordsMax,
    long queuedBytesMax,
    long batchBytesMax,
    int stagedUploadsMax,
    long stagedBytesMax,
    long stagedMemoryBytesMax,
    int writerThreads) {

  private static final long MIB = 1024 * 1024;

  public SpoolSettings {
    require("payloadBytesMax", payloadBytesMax, WireLimits.UPDATE_BYTES_MAX);
    require("recordsPerSessionMax", recordsPerSessionMax, 1_000_000);
    require("openSessionsMax", openSessionsMax, 10_000);
    require("queuedRecordsMax", queuedRecordsMax, 1_000_000);
    require("queuedBytesMax", queuedBytesMax, Long.MAX_VALUE);
    require("batchBytesMax", batchBytesMax, Long.MAX_VALUE);
    require("stagedUploadsMax", stagedUploadsMax, 1_000_000);
    require("stagedBytesMax", stagedBytesMax, Long.MAX_VALUE);
    if (stagedMemoryBytesMax < 0) {
      throw new IllegalArgumentException(
          "stagedMemoryBytesMax is " + stagedMemoryBytesMax + ", must be 0 or more");
    }
    require("writerThreads", writerThreads, 64);
  }

  /** For one coordinator on one machine with a heap of 512 MB or more. */
  public static SpoolSettings defaults() {
    return new SpoolSettings(
        WireLimits.UPDATE_BYTES_MAX,
        5 * WireLimits.ROSTER_MAX,
        1_000,
        10_000,
        64 * MIB,
        64 * MIB,
        2_000,
        16 * 1024 * MIB,
        Math.min(128 * MIB, Runtime.getRuntime().maxMemory() / 4),
        4);
  }

  private static void require(String name, long value, long max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " is " + value + ", must be 1 to " + max);
    }
  }
}
