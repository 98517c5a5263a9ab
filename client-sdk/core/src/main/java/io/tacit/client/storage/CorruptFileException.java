package io.tacit.client.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the device is damaged. It is left as it is: nobody repairs it by guessing. */
public final class CorruptFileException extends IOException {

  private static final long serialVersionUID = 1;

  /**
   * @param file which
   * @param what is wrong with it, as a clause that follows the file's name
   */
  public CorruptFileException(Path file, String what) {
    super(file + " " + what + "; restore it from a backup, or delete it to start anew");
  }
}
