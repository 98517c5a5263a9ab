package io.tacit.client.training;

import io.tacit.client.model.FloatLimitBenchmark;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs benchmarks with JMH's own options and prints the tabular ones beside the machine's plain
 * float limit, where both were run.
 */
public final class TrainingFigures {

  /**
   * Floating-point operations per example: forward and weight gradient 2 per weight each, the way
   * back 2 per weight behind the first layer. The optimiser's are left out.
   */
  private static final double SMALL_OPERATIONS =
      4.0 * (5 * 64 + 64 * 32 + 32) + 2.0 * (64 * 32 + 32);

  private static final double IMAGE_OPERATIONS =
      4.0 * (784 * 200 + 200 * 200 + 200 * 10) + 2.0 * (200 * 200 + 200 * 10);

  private TrainingFigures() {}

  /** Takes JMH's command line. */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(arguments)).run();
    double limit = score(results, FloatLimitBenchmark.class, "four_rows");
    if (Double.isNaN(limit)) {
      return;
    }
    System.out.printf(Locale.ROOT, "%nPlain float limit of one core: %.1f GFLOP/s%n", limit);
    print(
        "5-64-32-1, batch 32, Adam",
        "small_perceptron_with_adam",
        SMALL_OPERATIONS,
        results,
        limit);
    print(
        "784-200-200-10, batch 10, SGD",
        "images_with_gradient_descent",
        IMAGE_OPERATIONS,
        results,
        limit);
  }

  private static void print(
      String what,
      String benchmark,
      double operations,
      Collection<RunResult> results,
      double limit) {
    double examples = score(results, TrainingBenchmark.class, benchmark);
    if (!Double.isNaN(examples)) {
      double gigaflops = examples * operations / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-30s %,10.0f examples/s = %5.1f GFLOP/s = %2.0f %% of the limit%n",
          what,
          examples,
          gigaflops,
          100 * gigaflops / limit);
    }
  }

  /** NaN if the benchmark was not run. */
  private static double score(Collection<RunResult> results, Class<?> in, String benchmark) {
    for (RunResult result : results) {
      if (result.getParams().getBenchmark().equals(in.getName() + "." + benchmark)) {
        return result.getPrimaryResult().getScore();
      }
    }
    return Double.NaN;
  }
}
