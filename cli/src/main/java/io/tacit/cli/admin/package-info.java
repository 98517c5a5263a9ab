/**
 * The commands that look after a running coordinator: {@link io.tacit.cli.admin.PlanCommand},
 * {@link io.tacit.cli.admin.ModelCommand}, {@link io.tacit.cli.admin.RoundCommand}, {@link
 * io.tacit.cli.admin.AuditCommand}. They fetch, arrange and print; every decision is the
 * coordinator's.
 */
@NullMarked
package io.tacit.cli.admin;

import org.jspecify.annotations.NullMarked;
