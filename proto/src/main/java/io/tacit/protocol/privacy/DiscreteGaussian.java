package io.tacit.protocol.privacy;

/**
 * Exact samples of the discrete Gaussian: the probability of each integer x is proportional to
 * {@code e^(-x² / 2σ²)}, for an integer σ². Algorithms 1 to 3 of Canonne, Kamath and Steinke, "The
 * Discrete Gaussian for Differential Privacy" (2020, arXiv 2004.00010).
 *
 * <p>Guarantee: no floating point and no approximation, so that no sample betrays what it was added
 * to by its last digits (Mironov 2012). Assumes: fair bits. The time that a sample takes depends on
 * the sample. Not thread-safe; allocates nothing per sample.
 */
public final class DiscreteGaussian {

  /** Up to here everything below fits in a {@code long}. */
  public static final int SIGMA_MAX = 4096;

  /** σ² at most. */
  public static final int VARIANCE_MAX = SIGMA_MAX * SIGMA_MAX;

  /**
   * Bits of a uniform number that are compared at a time; the largest denominator, 2σ²t², is below
   * 2^50, and a numerator is shifted by so many.
   */
  private static final int STEP_BITS = 13;

  private static final int UNIFORM_BITS = 32;
  private static final long UNIFORM_MASK = (1L << UNIFORM_BITS) - 1;

  private final RandomBits bits;
  private final long variance;

  /** t of algorithm 3: ⌊σ⌋ + 1, the scale of the two-sided geometric that is thinned out. */
  private final long scale;

  /** 2^32 mod t: draws below it would favour small numbers. */
  private final long unfair;

  /** 2σ²t². */
  private final long denominator;

  private DiscreteGaussian(long variance, RandomBits bits) {
    this.bits = bits;
    this.variance = variance;
    this.scale = (long) Math.sqrt((double) variance) + 1; // exact: a double holds 2^24 exactly
    this.unfair = (1L << UNIFORM_BITS) % scale;
    this.denominator = 2 * variance * scale * scale;
  }

  /**
   * The distribution of a variance parameter, which for σ above 1 is its variance too.
   *
   * @param variance σ², 1 to 4096²
   * @throws IllegalArgumentException if it is out of range
   */
  public static DiscreteGaussian ofVariance(long variance, RandomBits bits) {
    if (variance < 1 || variance > VARIANCE_MAX) {
      throw new IllegalArgumentException(
          "variance of the noise is "
              + variance
              + ", must be 1 to "
              + VARIANCE_MAX
              + "; scale the values to smaller integers");
    }
    return new DiscreteGaussian(variance, bits);
  }

  /** Adds an independent sample to each of the lanes from (inclusive) to (exclusive), mod 2^32. */
  public void addTo(int[] lanes, int from, int to) {
    for (int i = from; i < to; i++) {
      lanes[i] += next();
    }
  }

  /** Fills an array with independent samples. */
  public void fill(int[] samples) {
    for (int i = 0; i < samples.length; i++) {
      samples[i] = next();
    }
  }

  /** One sample: algorithm 3. */
  int next() {
    while (true) {
      long magnitude = geometric();
      boolean negative = bits.bits(1) != 0;
      if (negative && magnitude == 0) {
        continue; // 0 has one sign only, or it would come twice as often
      }
      // e^-((|y| - σ²/t)² / 2σ²), by t² in numerator and denominator.
      long distance = Math.multiplyExact(magnitude, scale) - variance;
      if (accepts(Math.multiplyExact(distance, distance))) {
        int sample = Math.toIntExact(magnitude);
        return negative ? -sample : sample;
      }
    }
  }

  /** x >= 0 with a probability proportional to e^(-x/t): algorithm 2, without the sign. */
  private long geometric() {
    long remainder = uniform();
    while (!exponential(remainder, scale)) {
      remainder = uniform();
    }
    long quotient = 0;
    while (inverseOfE()) {
      quotient++;
    }
    return Math.addExact(remainder, Math.multiplyExact(scale, quotient));
  }

  /** True with probability e^(-numerator / 2σ²t²): algorithm 1 for any exponent. */
  private boolean accepts(long numerator) {
    long rest = numerator;
    while (rest > denominator) {
      if (!inverseOfE()) {
        return false;
      }
      rest -= denominator;
    }
    return exponential(rest, denominator);
  }

  /**
   * True with probability e^(-n/d), 0 <= n <= d: algorithm 1. It draws Bernoulli(n/dk) for k = 1, 2
   * … until one fails; here as Bernoulli(n/d) and Bernoulli(1/k), so that dk need not fit.
   */
  private boolean exponential(long n, long d) {
    boolean odd = true;
    for (int k = 1; below(n, d) && (k == 1 || below(1, k)); k++) {
      odd = !odd;
    }
    return odd;
  }

  /** True with probability 1/e: the same for n = d. */
  private boolean inverseOfE() {
    boolean odd = false; // k = 1 never fails
    for (int k = 2; below(1, k); k++) {
      odd = !odd;
    }
    return odd;
  }

  /** Uniform in [0, t), by multiplication with rejection (Lemire 2019), which is exact. */
  private long uniform() {
    long product = bits.bits(UNIFORM_BITS) * scale;
    while ((product & UNIFORM_MASK) < unfair) {
      product = bits.bits(UNIFORM_BITS) * scale;
    }
    return product >>> UNIFORM_BITS;
  }

  private boolean below(long n, long d) {
    return below(bits, n, d);
  }

  /**
   * True with probability n/d exactly, 0 <= n <= d < 2^50: whether a uniform number U in [0, 1),
   * whose bits are drawn as they are needed, is below n/d. With the first bits r, U = (r + U') /
   * 2^13 for another uniform U', so the question becomes U' < (n 2^13 - r d) / d.
   */
  static boolean below(RandomBits bits, long n, long d) {
    long rest = n;
    do {
      rest = (rest << STEP_BITS) - bits.bits(STEP_BITS) * d;
      if (rest >= d) {
        return true;
      }
    } while (rest > 0);
    return false;
  }
}
