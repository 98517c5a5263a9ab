/**
 * Figures of the whole system, measured on real processes. Doors: {@link
 * io.tacit.e2e.bench.UploadFigures}, {@link io.tacit.e2e.bench.LargeRoundFigures} and {@link
 * io.tacit.e2e.bench.DeviceMemoryFigures}, each a main class; docs/reference/benchmarks.md has the
 * commands and what they printed.
 */
@NullMarked
package io.tacit.e2e.bench;

import org.jspecify.annotations.NullMarked;
