package io.tacit.coordinator.aggregation;

/** What became of one chunk of an upload. */
public sealed interface ChunkOutcome permits ChunkOutcome.Stored, Refused {

  /**
   * The chunk is held (not durable; the whole will be).
   *
   * @param nextOffset where the next chunk begins
   */
  record Stored(long nextOffset) implements ChunkOutcome {}
}
