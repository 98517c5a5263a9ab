/**
 * Which models devices recommend with. Door: {@link io.tacit.coordinator.release.CurrentModels}.
 * Reads what {@code plans} and {@code models} hold and writes nothing; must not know rounds.
 */
@NullMarked
package io.tacit.coordinator.release;

import org.jspecify.annotations.NullMarked;
