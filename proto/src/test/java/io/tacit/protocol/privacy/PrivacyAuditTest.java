package io.tacit.protocol.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.privacy.HonestShare.Dishonest;
import org.junit.jupiter.api.Test;

/**
 * Attacks the whole mechanism, encoder and noise of six devices, with the strongest test there is:
 * the likelihood ratio between a session with a device's longest update and one with zeros in its
 * place, everything else known. In two Gaussians that is a threshold on the component along the
 * update. From how often each side passes it follows, at a confidence of 1 - 10^-6, a lower bound
 * on the true epsilon, to compare with the claimed one.
 */
class PrivacyAuditTest {

  private static final int DRAWS = 200_000;
  private static final double DELTA = 1e-5;

  /** In units of the update, and fixed before anything was drawn: where half the noise shows. */
  private static final double THRESHOLD = 1.75;

  /** One-sided quantile of the normal distribution for 10^-6. */
  private static final double CONFIDENCE = 4.76;

  private static final HonestShare SIX = new HonestShare(10, 10, 1, Dishonest.TENTH);

  private static final float[] UPDATE = {0.6f, -0.48f, 0.64f};

  @Test
  void an_attack_learns_less_than_claimed() {
    double lower = auditedEpsilon(1, 1);

    assertThat(lower).isLessThan(claimedEpsilon());
    // The test of the attack: in theory ln(0.2266 / 0.0401) = 1.73 before the confidence.
    assertThat(lower).isBetween(1.5, 1.8);
  }

  @Test
  void an_attack_finds_out_a_mechanism_with_half_the_noise() {
    assertThat(auditedEpsilon(0.5, 2)).isGreaterThan(claimedEpsilon());
  }

  private static double claimedEpsilon() {
    NoisePlan plan = NoisePlan.distributed(1, 1, UPDATE.length, SIX, 10);
    double claimed = PrivacyCost.of(plan, Horizon.capped(1, 1), DELTA, 1000).models().epsilon();
    assertThat(claimed).isCloseTo(4.7285, within(0.01));
    return claimed;
  }

  /** e^epsilon P(without) + delta >= P(with), with each probability at its end of confidence. */
  private static double auditedEpsilon(double noiseMultiplier, long seed) {
    NoisePlan plan = NoisePlan.distributed(noiseMultiplier, 1, UPDATE.length, SIX, 10);
    RandomBits bits = RandomBits.seeded(seed);
    double with = lower(passes(plan, UPDATE, bits));
    double without = upper(passes(plan, new float[UPDATE.length], bits));
    System.out.printf(
        "audit at z %s, seed %s: epsilon is at least %.3f%n",
        noiseMultiplier, seed, Math.log((with - DELTA) / without));
    return Math.log((with - DELTA) / without);
  }

  private static int passes(NoisePlan plan, float[] update, RandomBits bits) {
    NoisyFixedPoint format = new NoisyFixedPoint(plan);
    float[] zeros = new float[update.length];
    int passed = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double along = component(format, update, bits);
      for (int other = 1; other < plan.honest(); other++) {
        along += component(format, zeros, bits);
      }
      passed += along > THRESHOLD * plan.scale() ? 1 : 0;
    }
    return passed;
  }

  /** Along the update, which has length 1; sums of components are components of sums. */
  private static double component(NoisyFixedPoint format, float[] update, RandomBits bits) {
    int[] lanes = new int[UPDATE.length];
    format.encodeTo(lanes, 0, update, bits);
    double along = 0;
    for (int i = 0; i < UPDATE.length; i++) {
      along += (double) UPDATE[i] * lanes[i];
    }
    return along;
  }

  /** Wilson's interval. */
  private static double upper(int passed) {
    return wilson(passed, CONFIDENCE);
  }

  private static double lower(int passed) {
    return wilson(passed, -CONFIDENCE);
  }

  private static double wilson(int passed, double quantile) {
    double share = (double) passed / DRAWS;
    double square = quantile * quantile / DRAWS;
    double spread = Math.sqrt(share * (1 - share) / DRAWS + square / (4 * DRAWS));
    return (share + square / 2 + quantile * spread) / (1 + square);
  }
}
