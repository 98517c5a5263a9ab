/**
 * The relational store of the coordinator's metadata: connections, transactions, durability and the
 * schema's migrations, on an embedded H2 file or on PostgreSQL. Door: {@link
 * io.tacit.coordinator.database.Database}. Each feature owns its tables and its SQL and brings them
 * here; this package knows no table. No vectors and no row per device belong into it.
 */
@NullMarked
package io.tacit.coordinator.database;

import org.jspecify.annotations.NullMarked;
