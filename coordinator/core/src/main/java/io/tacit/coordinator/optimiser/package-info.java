/**
 * What the coordinator does with the mean of a round's updates: the server step and its state.
 * Door: {@link io.tacit.coordinator.optimiser.ServerOptimiser}. Pure arithmetic: knows neither
 * files nor the database nor where an update came from.
 */
@NullMarked
package io.tacit.coordinator.optimiser;

import org.jspecify.annotations.NullMarked;
