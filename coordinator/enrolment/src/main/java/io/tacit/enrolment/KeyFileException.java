package io.tacit.enrolment;

/** A file with a key can not be used or made; the message names it and says why. */
public final class KeyFileException extends RuntimeException {

  private static final long serialVersionUID = 1;

  KeyFileException(String message) {
    super(message);
  }

  KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
