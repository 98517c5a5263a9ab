/**
 * What a simulation trains and how it is scored: {@link io.tacit.simulation.models.ScenarioPlan}
 * makes plan and catalogue for a data set, {@link io.tacit.simulation.models.ModelScorer} lets the
 * evaluation protocol judge a trained model, {@link io.tacit.simulation.models.CentralTraining} is
 * the same model trained on everybody's data in one place.
 */
@NullMarked
package io.tacit.simulation.models;

import org.jspecify.annotations.NullMarked;
