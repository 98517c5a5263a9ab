/**
 * Training plans on the coordinator: how people write them, and which are active. Doors: {@link
 * io.tacit.coordinator.plans.PlanFile} (YAML or JSON to a plan, and all defaults), {@link
 * io.tacit.coordinator.plans.PlanRegistry} (table {@code plan}) and {@link
 * io.tacit.coordinator.plans.Catalogues}. What a plan may say is the contract's ({@code
 * io.tacit.protocol.plan}); knows nothing of rounds.
 */
@NullMarked
package io.tacit.coordinator.plans;

import org.jspecify.annotations.NullMarked;
