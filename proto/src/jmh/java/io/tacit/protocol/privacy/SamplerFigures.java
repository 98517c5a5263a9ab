package io.tacit.protocol.privacy;

import io.tacit.protocol.privacy.HonestShare.Dishonest;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * Samples of the discrete Gaussian per second of one core's time, beside the reference program's.
 * Processor time, because others run on the machine too. Run from the root:
 *
 * <pre>
 * mvn -B -Pprotocol-benchmarks -Dchecks=off -DskipTests -pl proto -am verify -Dbenchmark.main=io.tacit.protocol.privacy.SamplerFigures
 * </pre>
 */
public final class SamplerFigures {

  private static final int SAMPLES = 100_000;
  private static final long WARM_UP_NANOS = 2_000_000_000;
  private static final int RUNS = 21;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Looked at by nobody, but the compiler can not know. */
  @SuppressWarnings("unused")
  private static volatile long sink;

  private SamplerFigures() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws GeneralSecurityException {
    SecureRandom random = new SecureRandom();
    int[] lanes = new int[SAMPLES];
    float[] update = new float[SAMPLES];
    Arrays.fill(update, 1);
    for (int sigma : new int[] {4, 817, 1000, 4096}) {
      long variance = (long) sigma * sigma;
      DiscreteGaussian gaussian = DiscreteGaussian.ofVariance(variance, RandomBits.secure(random));
      print("sampler, sigma " + sigma, () -> gaussian.addTo(lanes, 0, SAMPLES));
      ReferenceSampler reference = new ReferenceSampler(random);
      print(
          "reference, sigma " + sigma,
          () -> {
            for (int i = 0; i < SAMPLES; i++) {
              lanes[i] += (int) reference.sample(variance);
            }
          });
      sink += Arrays.hashCode(lanes);
    }
    NoisyFixedPoint format =
        new NoisyFixedPoint(
            NoisePlan.distributed(1, 1, SAMPLES, new HonestShare(32, 64, 1, Dishonest.TENTH), 64));
    print(
        "clip, round and noise",
        () -> format.encodeTo(lanes, 0, update, RandomBits.secure(random)));
    sink += Arrays.hashCode(lanes);
  }

  private static void print(String what, Run run) throws GeneralSecurityException {
    long used = 0;
    while (used < WARM_UP_NANOS) {
      used += nanos(run);
    }
    double[] rates = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      rates[i] = 1e9 * SAMPLES / nanos(run);
    }
    Arrays.sort(rates);
    System.out.printf(
        Locale.ROOT,
        "%-22s median %,12.0f samples per processor second, lowest %,12.0f, highest %,12.0f%n",
        what,
        rates[RUNS / 2],
        rates[0],
        rates[RUNS - 1]);
  }

  private static long nanos(Run run) throws GeneralSecurityException {
    long start = THREADS.getCurrentThreadCpuTime();
    run.run();
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  /** One batch. */
  private interface Run {

    void run() throws GeneralSecurityException;
  }
}
