/**
 * The coordinator without a framework: {@link io.tacit.coordinator.Coordinator} puts the features
 * together, for the service and for the simulator alike. Each feature is a package below; none of
 * them knows this one.
 */
@NullMarked
package io.tacit.coordinator;

import org.jspecify.annotations.NullMarked;
