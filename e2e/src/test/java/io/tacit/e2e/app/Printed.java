package io.tacit.e2e.app;

import io.tacit.client.ClientListener;
import io.tacit.client.ClientStatus;
import io.tacit.client.Participation;
import io.tacit.client.ParticipationStep;

/** Prints what a client tells, one line each. */
final class Printed implements ClientListener {

  /** One write for a line, so that a killed process leaves whole lines. */
  static void line(String text) {
    System.out.print(text + "\n");
    System.out.flush();
  }

  @Override
  public void participating(ParticipationStep step) {
    line("step " + step);
  }

  @Override
  public void participated(Participation participation) {
    line("result " + participation);
  }

  @Override
  public void modelChanged() {
    line("model");
  }

  @Override
  public void statusChanged(ClientStatus status) {
    line("status " + status);
  }
}
