package io.tacit.client.deeplearning4j;

/** How much of a machine the engine may use. Immutable. */
public final class Deeplearning4jSettings {

  private static final Deeplearning4jSettings DEFAULTS = new Deeplearning4jSettings(1, 256L << 20);

  private final int openMpThreads;
  private final long nativeBytesMax;

  private Deeplearning4jSettings(int openMpThreads, long nativeBytesMax) {
    this.openMpThreads = openMpThreads;
    this.nativeBytesMax = nativeBytesMax;
  }

  /** One OpenMP thread for a training, 256 MiB of native memory for all that run at once. */
  public static Deeplearning4jSettings defaults() {
    return DEFAULTS;
  }

  /**
   * OpenMP threads of one training, 1 to 256. The networks of recommenders are so small that a
   * second thread costs more than it brings; take more for layers of thousands of units. Applies
   * from the next training on, whatever {@code OMP_NUM_THREADS} says: OpenMP keeps the number per
   * calling thread, so the engine sets it when a training begins and puts back afterwards what it
   * found.
   */
  public Deeplearning4jSettings withOpenMpThreads(int openMpThreads) {
    if (openMpThreads < 1 || openMpThreads > 256) {
      throw new IllegalArgumentException(
          "openMpThreads is " + openMpThreads + ", must be 1 to 256; 1 suits small networks");
    }
    return new Deeplearning4jSettings(openMpThreads, nativeBytesMax);
  }

  /**
   * Native memory that all trainings of an engine may use at once, at least 16 MiB. A training that
   * does not fit beside those that run waits for them; one that could never fit is refused.
   */
  public Deeplearning4jSettings withNativeBytesMax(long nativeBytesMax) {
    if (nativeBytesMax < 16L << 20 || nativeBytesMax > 1L << 40) {
      throw new IllegalArgumentException(
          "nativeBytesMax is " + nativeBytesMax + ", must be 16 MiB to 1 TiB; 256 MiB is usual");
    }
    return new Deeplearning4jSettings(openMpThreads, nativeBytesMax);
  }

  int openMpThreads() {
    return openMpThreads;
  }

  long nativeBytesMax() {
    return nativeBytesMax;
  }
}
