package io.tacit.client.training;

import io.tacit.client.model.FloatLimitBenchmark;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * The same benchmarks per second of processor time instead of wall-clock time: for machines on
 * which others run too, where JMH measures mostly how often it had to wait. Caches and shared
 * execution units are still shared, so a calm machine gives more. Run from the root:
 *
 * <pre>
 * mvn -B -Pbenchmarks -Dchecks=off -DskipTests -pl client-sdk/core -am verify \
 *     -Dbenchmark.main=io.tacit.client.training.ProcessorTimeFigures
 * </pre>
 */
public final class ProcessorTimeFigures {

  private static final int WARM_UP_NANOS = 2_000_000_000;
  private static final int SAMPLES = 21;
  private static final int SAMPLE_NANOS = 100_000_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTimeFigures() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws TrainingDivergedException {
    FloatLimitBenchmark limit = new FloatLimitBenchmark();
    TrainingBenchmark training = new TrainingBenchmark();
    print("float limit, operations", 8 * 1_024, limit::four_rows);
    print("5-64-32-1, examples", 32_000, training::small_perceptron_with_adam);
    print("784-200-200-10, examples", 2_000, training::images_with_gradient_descent);
    print("two-tower, devices", 1, training::two_tower_device);
    print("two-tower with recency", 1, training::two_tower_device_with_recency);
    print("factorisation, devices", 1, training::matrix_factorisation_device);
  }

  private static void print(String what, int perRun, Run run) throws TrainingDivergedException {
    rate(perRun, run, WARM_UP_NANOS);
    double[] rates = new double[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      rates[i] = rate(perRun, run, SAMPLE_NANOS);
    }
    Arrays.sort(rates);
    System.out.printf(
        Locale.ROOT,
        "%-26s median %,16.0f per processor second, lowest %,16.0f, highest %,16.0f%n",
        what,
        rates[SAMPLES / 2],
        rates[0],
        rates[SAMPLES - 1]);
  }

  private static double rate(int perRun, Run run, long nanos) throws TrainingDivergedException {
    long start = THREADS.getCurrentThreadCpuTime();
    long used = 0;
    long runs = 0;
    while (used < nanos) {
      long batch =
          runs + 1; // twice as many each time: reading the clock costs more than a short run
      for (long i = 0; i < batch; i++) {
        run.run();
      }
      runs += batch;
      used = THREADS.getCurrentThreadCpuTime() - start;
    }
    return 1e9 * perRun * runs / used;
  }

  /** One benchmark. */
  private interface Run {

    Object run() throws TrainingDivergedException;
  }
}
