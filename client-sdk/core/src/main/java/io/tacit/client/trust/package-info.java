/**
 * Whether a device follows a plan or takes a model: who signed it, whether it has ended, whether a
 * newer one is known. Door: {@link io.tacit.client.trust.PlanTrust}, which everybody asks through
 * whom a plan enters. Must not know where plans come from.
 */
@Internal
@NullMarked
package io.tacit.client.trust;

import io.tacit.protocol.Internal;
import org.jspecify.annotations.NullMarked;
