package io.tacit.coordinator.aggregation;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * The storage of the log failed: the disk is full, broken or gone, or a limit of the process is
 * reached. What was being stored is not; what was acknowledged before still is. It may be tried
 * again.
 */
public final class UpdateLogUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UpdateLogUnavailableException(String message) {
    super(message);
  }

  private UpdateLogUnavailableException(String message, IOException cause) {
    super(message, cause);
  }

  static UpdateLogUnavailableException cannot(String what, Path file, IOException cause) {
    return new UpdateLogUnavailableException(
        "Cannot "
            + what
            + " "
            + file
            + ": "
            + reason(cause)
            + ". Nothing was stored; free space or mend the disk, then try again.",
        cause);
  }

  static UpdateLogUnavailableException closed() {
    return new UpdateLogUnavailableException(
        "The update log is closed, as the coordinator is shutting down; send again after its"
            + " restart.");
  }

  /** File system exceptions name only the file in their message; the kind is in the class. */
  private static String reason(IOException cause) {
    String message = cause.getMessage();
    return message == null || cause instanceof FileSystemException ? cause.toString() : message;
  }
}
