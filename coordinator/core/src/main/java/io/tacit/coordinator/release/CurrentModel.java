package io.tacit.coordinator.release;

import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.RegisteredPlan;

/**
 * The model that devices recommend with by one plan.
 *
 * @param plan in force
 * @param model the newest of that plan
 */
public record CurrentModel(RegisteredPlan plan, ModelVersion model) {}
