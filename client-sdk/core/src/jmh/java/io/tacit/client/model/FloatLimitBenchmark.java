package io.tacit.client.model;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The most that plain Java gets out of one core of this machine: scaled rows of 1,024 floats in the
 * first-level cache added to a row. Scores are floating-point operations per nanosecond, which is
 * GFLOP/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseSerialGC")
public class FloatLimitBenchmark {

  private static final int N = 1_024;

  private final float[][] x = {{1e-9f, 2e-9f, 3e-9f, 4e-9f}};
  private final float[][] w = new float[4][N];
  private final float[][] y = new float[1][N];

  /** {@code y += a x}: 2 operations per element. */
  @Benchmark
  @OperationsPerInvocation(2 * N)
  public float[] one_row() {
    FloatKernels.addScaled(y[0], N, w[0], 1e-9f);
    return y[0];
  }

  /** {@code y += a p + b q + c r + d s}: 8 operations per element. */
  @Benchmark
  @OperationsPerInvocation(8 * N)
  public float[] four_rows() {
    FloatKernels.addProduct(x, 1, 4, w, 0, N, y);
    return y[0];
  }
}
