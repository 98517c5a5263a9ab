package io.tacit.cli.evaluate;

import io.tacit.cli.page.Provenance;
import io.tacit.simulation.quality.QualityReport;
import java.time.Instant;

/**
 * A report with what is needed to repeat it.
 *
 * @param report what was found
 * @param command that found it
 * @param at when it was finished
 * @param machine processors and Java version; nothing that names a person or a host
 */
record ReportFrame(QualityReport report, String command, Instant at, String machine) {

  static ReportFrame of(QualityReport report, Provenance provenance) {
    return new ReportFrame(report, provenance.command(), provenance.at(), provenance.machine());
  }
}
