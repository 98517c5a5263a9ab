package io.tacit.client.rounds;

import io.tacit.client.connection.Upload;

/**
 * What a device brings to a session.
 *
 * @param work that was done
 * @param upload the update, clipped and encoded
 * @param observer of the participation
 */
record FinishedWork(Work work, Upload upload, RoundObserver observer) {}
