/**
 * {@code tacit demo} and {@code tacit simulate}: real rounds on real behaviour, by a coordinator
 * process over gRPC or all in this process. Prints what {@link
 * io.tacit.simulation.experiment.Experiment} finds; knows nothing of learning itself.
 */
@NullMarked
package io.tacit.cli.demo;

import org.jspecify.annotations.NullMarked;
