package io.tacit.coordinator.models;

import java.io.IOException;
import java.nio.file.Path;

/** The directory of artifacts can not be read or written: disk full, no permission, I/O error. */
public final class ArtifactStorageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ArtifactStorageException(String action, Path path, IOException cause) {
    super(
        "can not "
            + action
            + " "
            + path
            + " ("
            + cause
            + "); check the disk's free space and the permissions of the data directory",
        cause);
  }
}
