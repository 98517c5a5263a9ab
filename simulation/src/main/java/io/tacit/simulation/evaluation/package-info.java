/**
 * The evaluation protocol: one split per user, fixed negatives, two ranking metrics, and errors
 * that say how much to believe. Doors: {@link io.tacit.simulation.evaluation.HonestSplit} divides a
 * data set, {@link io.tacit.simulation.evaluation.RankingTask} ranks any {@link
 * io.tacit.simulation.evaluation.Scorer}. Knows no model; whoever trains one may read training
 * items and, to choose among settings, the validation task, never the test task.
 */
@NullMarked
package io.tacit.simulation.evaluation;

import org.jspecify.annotations.NullMarked;
