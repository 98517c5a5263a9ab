/**
 * Differential privacy, computed alike on both sides: noise, its plan, and what it costs. Doors:
 * {@link io.tacit.protocol.privacy.NoisePlan} says how much noise each device adds, {@link
 * io.tacit.protocol.privacy.NoisyFixedPoint} adds it, {@link io.tacit.protocol.privacy.PrivacyCost}
 * says what models and coordinator learn. Knows no plans, models or wire, and of masks only how
 * many devices of a roster they need.
 */
@NullMarked
package io.tacit.protocol.privacy;

import org.jspecify.annotations.NullMarked;
