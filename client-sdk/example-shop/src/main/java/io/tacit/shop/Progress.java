package io.tacit.shop;

import io.tacit.client.ClientListener;
import io.tacit.client.Participation;
import io.tacit.client.ParticipationStep;
import java.io.PrintWriter;

// tag::listener[]
/** Tells the customer what the client does by itself. */
final class Progress implements ClientListener {

  private final PrintWriter out;

  Progress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void participating(ParticipationStep step) {
    out.println(
        switch (step) {
          case TRAINING -> "  ... trains on this device";
          case WAITING -> "  ... waits for the other devices; nothing has left this one yet";
          case SENDING -> "  ... sends the update";
          case SENT -> "  ... sent; waits for the new model";
        });
  }

  @Override
  public void participated(Participation participation) {
    out.println("  " + participation.message());
  }

  @Override
  public void modelChanged() {
    out.println("  A new model is in use.");
  }
}
// end::listener[]
