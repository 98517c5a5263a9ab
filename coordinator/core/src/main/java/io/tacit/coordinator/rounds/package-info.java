/**
 * Rounds: who takes part, what a session waits for, and when it moves on. Doors: {@link
 * io.tacit.coordinator.rounds.Rounds} for devices, whose calls only record facts, and {@link
 * io.tacit.coordinator.rounds.RoundConductor}, the one thread that turns facts into transitions,
 * each durable before anyone hears of it. Owns the table {@code round}. Knows nothing of transport
 * or administration.
 */
@NullMarked
package io.tacit.coordinator.rounds;

import org.jspecify.annotations.NullMarked;
