package io.tacit.simulation.population;

import java.io.IOException;

/** The app of a device was closed by its person in the middle of a round. */
final class ClosedAppException extends IOException {

  private static final long serialVersionUID = 1;

  ClosedAppException() {
    super("the app was closed");
  }
}
