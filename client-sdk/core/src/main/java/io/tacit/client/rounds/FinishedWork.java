package io.tacit.client.rounds;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.encoding.EncodedUpdate;
import org.jspecify.annotations.Nullable;

/**
 * What a device brings to a session.
 *
 * @param work that was done
 * @param update clipped and encoded, with what was measured; in the clear
 * @param reports whether anything was measured
 * @param observer of the participation
 */
record FinishedWork(Work work, EncodedUpdate update, boolean reports, RoundObserver observer) {

  /** The model that the update reports on, null if it reports nothing. */
  @Nullable ContentHash reported() {
    return reports ? work.assignment().modelHash() : null;
  }
}
