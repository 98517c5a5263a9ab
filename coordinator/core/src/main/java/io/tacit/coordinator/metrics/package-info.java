/**
 * What devices measured of model versions. Door: {@link io.tacit.coordinator.metrics.MetricLedger},
 * which keeps sums by version and group and hands out none of groups that are too small. Knows
 * models and the database; must not know rounds or releases.
 */
@NullMarked
package io.tacit.coordinator.metrics;

import org.jspecify.annotations.NullMarked;
