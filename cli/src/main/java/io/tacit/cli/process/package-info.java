/**
 * The coordinator as a process of its own. Door: {@link io.tacit.cli.process.CoordinatorProcess},
 * which starts it, waits until it is ready, and stops it. Knows the packaged service's jar, its
 * system properties and its health check, and none of its classes.
 */
@NullMarked
package io.tacit.cli.process;

import org.jspecify.annotations.NullMarked;
