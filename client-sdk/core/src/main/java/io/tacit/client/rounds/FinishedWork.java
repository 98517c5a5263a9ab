package io.tacit.client.rounds;

import io.tacit.client.connection.Upload;

/**
 * What a device brings to a session.
 *
 * @param work that was done
 * @param upload the update, clipped and encoded
 */
record FinishedWork(Work work, Upload upload) {}
