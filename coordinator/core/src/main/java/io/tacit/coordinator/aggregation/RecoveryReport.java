package io.tacit.coordinator.aggregation;

/**
 * What was found when a log was opened; all zero for a new one.
 *
 * @param records intact records
 * @param payloadBytes bytes of their payloads
 * @param bytesCut bytes of the torn tail that was cut off: records that were never acknowledged
 * @param partialUploads unfinished uploads that can be resumed
 */
public record RecoveryReport(int records, long payloadBytes, long bytesCut, int partialUploads) {

  /** The report on a log that was not there before. */
  static final RecoveryReport NEW_LOG = new RecoveryReport(0, 0, 0, 0);
}
