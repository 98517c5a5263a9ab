/**
 * Sessions: one shard of a round each, from the roster to the sum of its updates. Doors: {@link
 * io.tacit.coordinator.sessions.Sessions} for devices, whose calls only record facts, and {@link
 * io.tacit.coordinator.sessions.SessionCourse}, by which the conductor's one thread turns facts
 * into transitions, each durable before anyone hears of it. Owns the table {@code
 * aggregation_session}. Knows nothing of rounds, models or transport.
 */
@NullMarked
package io.tacit.coordinator.sessions;

import org.jspecify.annotations.NullMarked;
