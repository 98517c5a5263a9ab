/**
 * Which models devices recommend with. Doors: {@link io.tacit.coordinator.release.ReleaseRegistry},
 * which keeps what owners released, and {@link io.tacit.coordinator.release.CurrentModels}, which
 * devices ask. Reads what {@code plans} and {@code models} hold; must not know rounds.
 */
@NullMarked
package io.tacit.coordinator.release;

import org.jspecify.annotations.NullMarked;
