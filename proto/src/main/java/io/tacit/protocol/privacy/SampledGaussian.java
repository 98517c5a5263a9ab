package io.tacit.protocol.privacy;

/**
 * Rényi divergence of one use of the Gaussian mechanism on a Poisson sample: who takes part is
 * decided by a secret coin of each, with probability q (Mironov, Talwar and Zhang 2019, arXiv
 * 1908.10530, section 3.3). Everything in logarithms: the terms span thousands of orders of
 * magnitude.
 */
final class SampledGaussian {

  /** Terms of the series at fractional orders; one that needs more counts as unbounded. */
  private static final int TERMS_MAX = 1000;

  /** Terms smaller than the sum by this factor, as a logarithm, no longer change it. */
  private static final double NEGLIGIBLE = 30;

  /** From here the continued fraction of erfc is as good as its series, and keeps its digits. */
  private static final double FRACTION_FROM = 2;

  private static final int SERIES_TERMS_MAX = 200;

  private SampledGaussian() {}

  /**
   * The divergence of one use.
   *
   * @param z noise multiplier, 0 or more
   * @param q sampling rate in [0, 1]
   * @param order above 1
   */
  static double divergence(double z, double q, double order) {
    if (q == 0) {
      return 0;
    }
    if (z == 0) {
      return Double.POSITIVE_INFINITY;
    }
    if (q == 1) {
      return order / (2 * z * z);
    }
    boolean isWhole = order == Math.rint(order);
    double moment =
        isWhole ? logMomentOfWhole(z, q, (int) order) : logMomentOfFraction(z, q, order);
    return Math.max(0, moment / (order - 1)); // at rates near 0 rounding can leave a hair below
  }

  private static double logMomentOfWhole(double z, double q, int order) {
    double out = Math.log1p(-q);
    double in = Math.log(q);
    double binomial = 0;
    double sum = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= order; k++) {
      if (k > 0) {
        binomial += Math.log(order - k + 1) - Math.log(k);
      }
      sum = logAdd(sum, binomial + k * in + (order - k) * out + exponent(k, z));
    }
    return sum;
  }

  /** Both halves of the integral as series; |binomial| makes it an upper bound. */
  private static double logMomentOfFraction(double z, double q, double order) {
    double out = Math.log1p(-q);
    double in = Math.log(q);
    double middle = z * z * Math.log(1 / q - 1) + 0.5;
    double width = Math.sqrt(2) * z;
    double binomial = Math.log(0.5);
    double sum = Double.NEGATIVE_INFINITY;
    double lastLower = sum;
    double lastUpper = sum;
    for (int i = 0; i < TERMS_MAX; i++) {
      if (i > 0) {
        binomial += Math.log(Math.abs(order - i + 1)) - Math.log(i);
      }
      double j = order - i;
      double lower = binomial + i * in + j * out + exponent(i, z) + logErfc((i - middle) / width);
      double upper = binomial + j * in + i * out + exponent(j, z) + logErfc((middle - j) / width);
      sum = logAdd(sum, logAdd(lower, upper));
      if (lower <= lastLower && upper <= lastUpper && Math.max(lower, upper) < sum - NEGLIGIBLE) {
        return sum;
      }
      lastLower = lower;
      lastUpper = upper;
    }
    return Double.POSITIVE_INFINITY;
  }

  private static double exponent(double k, double z) {
    return (k * k - k) / (2 * z * z);
  }

  private static double logAdd(double a, double b) {
    double high = Math.max(a, b);
    return high == Double.NEGATIVE_INFINITY
        ? high
        : high + Math.log1p(Math.exp(Math.min(a, b) - high));
  }

  /** ln erfc(x), relative error about 1e-13. */
  static double logErfc(double x) {
    if (x < 0) {
      return Math.log(2 - Math.exp(logErfc(-x)));
    }
    if (x < FRACTION_FROM) {
      double term = x;
      double sum = x;
      for (int n = 1; n < SERIES_TERMS_MAX && Math.abs(term) > 1e-18 * sum; n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return Math.log1p(-2 / Math.sqrt(Math.PI) * sum);
    }
    // erfc(x) = e^(-x²) / √π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …. The error falls as
    // e^(-2x√(2 depth)), so that the depth for all digits falls as 1/x².
    double tail = 0;
    for (int k = 20 + (int) (300 / (x * x)); k >= 1; k--) {
      tail = k / 2.0 / (x + tail);
    }
    return -x * x - 0.5 * Math.log(Math.PI) - Math.log(x + tail);
  }
}
