/**
 * {@code tacit evaluate}: the honest protocol on a data set, printed, as JSON and as a page to look
 * at. Door: {@link io.tacit.cli.evaluate.EvaluateCommand}. What is measured and how belongs to
 * {@link io.tacit.simulation.quality.Evaluation}; this package only asks and shows.
 */
@NullMarked
package io.tacit.cli.evaluate;

import org.jspecify.annotations.NullMarked;
