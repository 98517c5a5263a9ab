package io.tacit.client.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another object of this one, is at work on the same files. */
public final class InUseException extends IOException {

  private static final long serialVersionUID = 1;

  InUseException(Path lock) {
    super(
        lock
            + " is held by someone else; use one store per directory, and close the other process"
            + " that has it open");
  }
}
