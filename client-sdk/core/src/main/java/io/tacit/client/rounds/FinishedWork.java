package io.tacit.client.rounds;

import io.tacit.protocol.encoding.EncodedUpdate;

/**
 * What a device brings to a session.
 *
 * @param work that was done
 * @param update clipped and encoded; in the clear
 * @param observer of the participation
 */
record FinishedWork(Work work, EncodedUpdate update, RoundObserver observer) {}
