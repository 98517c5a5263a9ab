/**
 * What every test class path shares. {@link io.tacit.testing.SkippedTests} reports skipped tests,
 * {@link io.tacit.testing.SettableClock} is time that tests move, {@link io.tacit.testing.Seeds}
 * are the seeds of seeded tests, {@link io.tacit.testing.IdxFiles} small sets of images. Knows
 * JUnit and nothing of Tacit.
 */
@NullMarked
package io.tacit.testing;

import org.jspecify.annotations.NullMarked;
