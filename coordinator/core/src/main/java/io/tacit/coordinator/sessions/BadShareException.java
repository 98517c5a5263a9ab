package io.tacit.coordinator.sessions;

/** What devices revealed does not unmask the sum. The text names members by index, no secret. */
final class BadShareException extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadShareException(String message) {
    super(message);
  }

  BadShareException(String message, Throwable cause) {
    super(message, cause);
  }
}
