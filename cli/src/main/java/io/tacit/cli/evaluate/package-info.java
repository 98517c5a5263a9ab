/**
 * Measurements, printed, as JSON and as pages to look at. Doors: {@link
 * io.tacit.cli.evaluate.EvaluateCommand}, the honest protocol on a data set, {@link
 * io.tacit.cli.evaluate.OptimisersCommand}, server rules side by side, {@link
 * io.tacit.cli.evaluate.PrivacyCurveCommand}, what privacy costs, and {@link
 * io.tacit.cli.evaluate.FedAvgCommand}, federated averaging itself on images. What is measured and
 * how belongs to {@link io.tacit.simulation.quality.Evaluation} and {@link
 * io.tacit.simulation.fedavg.FedAvgExperiment}; this package only asks and shows.
 */
@NullMarked
package io.tacit.cli.evaluate;

import org.jspecify.annotations.NullMarked;
