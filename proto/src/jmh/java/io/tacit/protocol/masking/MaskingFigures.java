package io.tacit.protocol.masking;

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
 * Runs benchmarks with JMH's own options and prints what a device spends on masking beside the time
 * to generate and add the same bytes of AES-CTR key stream. The aim is at most twice that.
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl proto -am verify -Dbenchmark=MaskingBenchmark
 * </pre>
 */
public final class MaskingFigures {

  private static final double RATIO_MAX = 2;

  private MaskingFigures() {}

  /** Takes JMH's command line. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
    Map<String, Double> limits = milliseconds(results, "limit");
    milliseconds(results, "mask")
        .forEach(
            (session, spent) -> {
              double limit = limits.getOrDefault(session, Double.NaN);
              System.out.printf(
                  Locale.ROOT,
                  "%s: masking %.2f ms, limit %.2f ms, ratio %.2f (aim: at most %.0f)%n",
                  session,
                  spent,
                  limit,
                  spent / limit,
                  RATIO_MAX);
            });
  }

  private static Map<String, Double> milliseconds(Collection<RunResult> results, String benchmark) {
    Map<String, Double> byParameters = new TreeMap<>();
    for (RunResult result : results) {
      if (result
          .getParams()
          .getBenchmark()
          .equals(MaskingBenchmark.class.getName() + "." + benchmark)) {
        byParameters.put(
            "n = "
                + result.getParams().getParam("members")
                + ", d = "
                + result.getParams().getParam("parameters"),
            result.getPrimaryResult().getScore());
      }
    }
    return byParameters;
  }
}
