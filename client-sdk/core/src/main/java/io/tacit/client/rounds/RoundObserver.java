package io.tacit.client.rounds;

import io.tacit.protocol.RoundId;
import java.io.IOException;

/** Watches one participation, on the thread that does it. */
public interface RoundObserver {

  /** Watches nothing. */
  RoundObserver NONE =
      new RoundObserver() {
        @Override
        public void reached(RoundId round, RoundStep step) {}

        @Override
        public void leaving(LeavingUpdate update) {}
      };

  /** The device has come so far in the round. */
  void reached(RoundId round, RoundStep step);

  /**
   * An update is about to leave the device: the round is spent, nothing is sent yet.
   *
   * @throws IOException to keep the update here, because what must be remembered of it could not be
   */
  void leaving(LeavingUpdate update) throws IOException;
}
