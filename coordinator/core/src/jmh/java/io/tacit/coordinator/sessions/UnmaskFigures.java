package io.tacit.coordinator.sessions;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs {@link UnmaskBenchmark} with JMH's own options and prints what the end of a session takes
 * beside the AES of its masks on as many cores. The aim is at most twice that.
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl coordinator/core -am verify \
 *   -Dbenchmark=UnmaskBenchmark -Dbenchmark.main=io.tacit.coordinator.sessions.UnmaskFigures
 * </pre>
 */
public final class UnmaskFigures {

  private static final double RATIO_MAX = 2;

  private UnmaskFigures() {}

  /** Takes JMH's command line. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
    Map<String, Double> limits = milliseconds(results, "aes_of_the_masks");
    milliseconds(results, "unmask")
        .forEach(
            (suite, spent) -> {
              double limit = limits.getOrDefault(suite, Double.NaN);
              System.out.printf(
                  Locale.ROOT,
                  "%s: unmasking %.0f ms, limit %.0f ms, ratio %.2f (aim: at most %.0f)%n",
                  suite,
                  spent,
                  limit,
                  spent / limit,
                  RATIO_MAX);
            });
  }

  private static Map<String, Double> milliseconds(Collection<RunResult> results, String benchmark) {
    Map<String, Double> bySuite = new TreeMap<>();
    for (RunResult result : results) {
      if (result
          .getParams()
          .getBenchmark()
          .equals(UnmaskBenchmark.class.getName() + "." + benchmark)) {
        bySuite.put(result.getParams().getParam("suite"), result.getPrimaryResult().getScore());
      }
    }
    return bySuite;
  }
}
