/**
 * What commands print: {@link io.tacit.cli.console.Output} as text or as JSON, {@link
 * io.tacit.cli.console.Table} in aligned columns. Knows nothing of the coordinator.
 */
@NullMarked
package io.tacit.cli.console;

import org.jspecify.annotations.NullMarked;
