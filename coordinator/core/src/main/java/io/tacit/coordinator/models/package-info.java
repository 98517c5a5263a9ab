/**
 * Models and everything else that devices download: content-addressed files and the append-only
 * history of each plan's model. Doors: {@link io.tacit.coordinator.models.ModelRegistry} (table
 * {@code model_version}) and {@link io.tacit.coordinator.models.ArtifactStore}. Knows neither
 * rounds nor plans' states: who appends a version decides when.
 */
@NullMarked
package io.tacit.coordinator.models;

import org.jspecify.annotations.NullMarked;
