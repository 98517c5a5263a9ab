/**
 * The commands that look after a running coordinator: {@link io.tacit.cli.admin.PlanCommand},
 * {@link io.tacit.cli.admin.ModelCommand}, {@link io.tacit.cli.admin.RoundCommand}, {@link
 * io.tacit.cli.admin.AuditCommand}. They fetch, arrange and print; every decision is the
 * coordinator's. {@link io.tacit.cli.admin.KeyCommand} and what signs plans ask no coordinator: an
 * owner signs what was read on the owner's own machine.
 */
@NullMarked
package io.tacit.cli.admin;

import org.jspecify.annotations.NullMarked;
