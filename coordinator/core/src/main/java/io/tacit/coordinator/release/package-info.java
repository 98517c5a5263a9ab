/**
 * Which models devices recommend with. Doors: {@link io.tacit.coordinator.release.ReleaseRegistry},
 * which keeps what owners released, {@link io.tacit.coordinator.release.CurrentModels}, which
 * devices ask, and {@link io.tacit.coordinator.release.ReleaseGuard}, which says what may be
 * released by what devices measured. Reads what {@code plans}, {@code models} and {@code metrics}
 * hold; must not know rounds.
 */
@NullMarked
package io.tacit.coordinator.release;

import org.jspecify.annotations.NullMarked;
