package io.tacit.cli.evaluate;

import io.tacit.simulation.quality.QualityReport;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A report with what is needed to repeat it.
 *
 * @param report what was found
 * @param command that found it
 * @param at when it was finished
 * @param machine processors and Java version; nothing that names a person or a host
 */
record ReportFrame(QualityReport report, String command, Instant at, String machine) {

  static ReportFrame of(QualityReport report, String command, Clock clock) {
    Runtime runtime = Runtime.getRuntime();
    return new ReportFrame(
        report,
        command,
        clock.instant().truncatedTo(ChronoUnit.SECONDS),
        String.format(
            Locale.ROOT,
            "%d processors (%s), Java %s",
            runtime.availableProcessors(),
            System.getProperty("os.arch"),
            Runtime.version().feature()));
  }
}
