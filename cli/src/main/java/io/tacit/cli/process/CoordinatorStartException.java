package io.tacit.cli.process;

import java.io.IOException;

/** The coordinator could not be started; the message says why and what to do. */
public final class CoordinatorStartException extends IOException {

  private static final long serialVersionUID = 1;

  CoordinatorStartException(String message) {
    super(message);
  }
}
