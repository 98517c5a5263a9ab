/**
 * The honest protocol as one computation: every system on every seed, sampled and full ranking, on
 * the same users, items and negatives. Door: {@link io.tacit.simulation.quality.Evaluation}, which
 * keeps each finished cell (one system on one seed) in a file, so that a killed evaluation goes on
 * where it was. Knows nothing of terminals, JSON or HTML.
 */
@NullMarked
package io.tacit.simulation.quality;

import org.jspecify.annotations.NullMarked;
