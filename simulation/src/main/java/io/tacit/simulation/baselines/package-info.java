/**
 * What a federated model is compared with: {@link io.tacit.simulation.baselines.ItemPopularity} and
 * {@link io.tacit.simulation.baselines.Ease}, which it should beat and approach, and three controls
 * that would reveal a protocol that gives the answer away: {@link
 * io.tacit.simulation.baselines.RandomScores}, {@link
 * io.tacit.simulation.baselines.NoCollaboration} and {@link
 * io.tacit.simulation.baselines.LastPositionTable}. All are scorers made from a split's training
 * items alone; none knows the federated model.
 */
@NullMarked
package io.tacit.simulation.baselines;

import org.jspecify.annotations.NullMarked;
