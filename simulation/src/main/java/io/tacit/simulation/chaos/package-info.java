/**
 * Whether a coordinator that is killed again and again keeps its word: live devices with a witness
 * beside them, and a judge who holds what was published against what was sent. Doors: {@link
 * io.tacit.simulation.chaos.Witness} and {@link io.tacit.simulation.chaos.Judge}. Must not know
 * processes or the network.
 */
@NullMarked
package io.tacit.simulation.chaos;

import org.jspecify.annotations.NullMarked;
