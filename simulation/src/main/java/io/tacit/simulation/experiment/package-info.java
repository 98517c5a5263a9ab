/**
 * One experiment from data to a comparison: {@link io.tacit.simulation.experiment.Experiment} holds
 * data, split and plan; it judges each round's model and sets the best beside the controls. How
 * rounds are run (in this process or by a service) is not its business.
 */
@NullMarked
package io.tacit.simulation.experiment;

import org.jspecify.annotations.NullMarked;
