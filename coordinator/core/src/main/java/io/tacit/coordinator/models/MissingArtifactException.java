package io.tacit.coordinator.models;

import io.tacit.protocol.ContentHash;

/** A file that the database names is not in the artifact store. */
public final class MissingArtifactException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MissingArtifactException(String what, ContentHash hash) {
    super(
        "the artifact store has no file "
            + hash.toHex()
            + " ("
            + what
            + ") but the database names it; restore database and artifacts from the same backup");
  }
}
