package io.tacit.client.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the device is not as it was left. It stays as it is: nobody repairs it by guessing. */
public final class CorruptFileException extends IOException {

  private static final long serialVersionUID = 2;

  private final FileFault fault;

  /**
   * A file that is damaged.
   *
   * @param file which
   * @param what is wrong with it, as a clause that follows the file's name
   */
  public CorruptFileException(Path file, String what) {
    super(file + " " + what + "; restore it from a backup, or delete it to start anew");
    this.fault = FileFault.DAMAGED;
  }

  /** A file of a client that encrypts, with which such a thing is wrong. */
  public CorruptFileException(Path file, FileFault fault) {
    super(
        file
            + " "
            + fault.clause()
            + "; it is left as it is, delete the client's directory to start anew");
    this.fault = fault;
  }

  /** Of what kind. */
  public FileFault fault() {
    return fault;
  }
}
