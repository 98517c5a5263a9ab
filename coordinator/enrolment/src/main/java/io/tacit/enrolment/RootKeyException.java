package io.tacit.enrolment;

/** The file with the root key can not be used or made; the message names it and says why. */
public final class RootKeyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RootKeyException(String message) {
    super(message);
  }

  RootKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
