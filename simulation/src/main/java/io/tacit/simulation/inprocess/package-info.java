/**
 * Client core against coordinator core in one process, without a network: the same rounds, the same
 * bytes, repeatable from a seed. Door: {@link io.tacit.simulation.inprocess.InProcessRounds}.
 */
@NullMarked
package io.tacit.simulation.inprocess;

import org.jspecify.annotations.NullMarked;
