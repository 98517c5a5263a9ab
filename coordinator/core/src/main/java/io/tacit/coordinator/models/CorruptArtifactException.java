package io.tacit.coordinator.models;

import io.tacit.protocol.ContentHash;
import java.nio.file.Path;

/** A file of the artifact store does not hold what its name says. */
public final class CorruptArtifactException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CorruptArtifactException(Path file, ContentHash found, long length) {
    super(
        "artifact file "
            + file
            + " is corrupt: the SHA-256 of its "
            + length
            + " bytes is "
            + found.toHex()
            + ", must be its name; check the disk, then restore the file from a backup or upload"
            + " the same content again");
  }
}
