package io.tacit.coordinator.aggregation;

import java.nio.file.Path;

/**
 * Records that had been acknowledged are damaged or missing: the disk or someone changed the file.
 * Nothing is cut or mended. The session cannot be summed any more; keep a copy of the file if the
 * cause matters, then drop the session.
 */
public final class CorruptLogException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long offset;

  CorruptLogException(Path file, long offset, String what) {
    super(
        file
            + " is damaged at offset "
            + offset
            + ": "
            + what
            + ". Acknowledged records are affected, so the session cannot be used; drop it.");
    this.offset = offset;
  }

  /** Where the first damaged or missing record begins. */
  public long offset() {
    return offset;
  }
}
