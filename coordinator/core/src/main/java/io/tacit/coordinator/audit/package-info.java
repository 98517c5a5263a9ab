/**
 * Who did what to the coordinator, when, from where, and what came of it: an append-only table
 * whose rows are chained by hashes. Door: {@link io.tacit.coordinator.audit.AuditLog} (table {@code
 * audit_entry}). Knows neither people nor what their actions mean; it is told.
 */
@NullMarked
package io.tacit.coordinator.audit;

import org.jspecify.annotations.NullMarked;
