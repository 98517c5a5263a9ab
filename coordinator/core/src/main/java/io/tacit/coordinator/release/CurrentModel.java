package io.tacit.coordinator.release;

import io.tacit.coordinator.models.ModelVersion;
import io.tacit.coordinator.plans.RegisteredPlan;
import io.tacit.protocol.plan.Release;
import java.util.Optional;

/**
 * The model that a device recommends with by one plan.
 *
 * @param plan in force
 * @param model the released one of that plan; the newest if none was released
 * @param release in force for the device, of this model; empty if none was released
 */
public record CurrentModel(RegisteredPlan plan, ModelVersion model, Optional<Release> release) {}
