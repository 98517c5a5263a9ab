/**
 * The {@code tacit} command. Door: {@link io.tacit.cli.Tacit}, the one place where subcommands are
 * registered and failures become exit codes. Thin: commands talk to the coordinator over REST or
 * start it as a process; they never see its classes.
 */
@NullMarked
package io.tacit.cli;

import org.jspecify.annotations.NullMarked;
