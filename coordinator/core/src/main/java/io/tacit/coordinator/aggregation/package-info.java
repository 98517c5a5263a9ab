/**
 * The durable log of what clients sent in a session, and the sum folded from it. Door classes:
 * {@link io.tacit.coordinator.aggregation.UpdateLog} and {@link
 * io.tacit.coordinator.aggregation.MaskedSum}. Knows bytes, keys and digests; must not know what an
 * update means, whether a client may send it, in which state its round is, or how it arrived.
 */
@NullMarked
package io.tacit.coordinator.aggregation;

import org.jspecify.annotations.NullMarked;
