package io.tacit.cli.page;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is needed to repeat a measurement.
 *
 * @param command that made it, as it can be typed again
 * @param at when it was finished
 * @param machine processors and Java version; nothing that names a person or a host
 */
public record Provenance(String command, Instant at, String machine) {

  /**
   * Of the command that is running, now.
   *
   * @param arguments of the {@code tacit} command
   */
  public static Provenance of(List<String> arguments, Clock clock) {
    Runtime runtime = Runtime.getRuntime();
    return new Provenance(
        arguments.stream().map(Provenance::quoted).collect(Collectors.joining(" ", "tacit ", "")),
        clock.instant().truncatedTo(ChronoUnit.SECONDS),
        String.format(
            Locale.ROOT,
            "%d processors (%s), Java %s",
            runtime.availableProcessors(),
            System.getProperty("os.arch"),
            Runtime.version().feature()));
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:,=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
