package io.tacit.simulation.privacy;

import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.simulation.evaluation.HonestSplit;
import java.util.List;

/**
 * What is tried.
 *
 * @param epsilons against whoever sees the models, each above 0; infinite is no noise
 * @param mechanisms who adds the noise
 * @param seeds of split, model start and devices
 * @param delta above 0 and below one over the devices
 * @param participationsMax rounds that a device takes part in at the most
 * @param shards how a cohort is split; all of them must complete
 * @param dishonest whose noise is not counted on
 * @param itemsMin items of a user to be trained on, 1 to {@value HonestSplit#ITEMS_PER_USER_MIN}
 */
public record PrivacyCurveSettings(
    List<Double> epsilons,
    List<Mechanism> mechanisms,
    List<Long> seeds,
    double delta,
    int participationsMax,
    ShardSettings shards,
    HonestShare.Dishonest dishonest,
    int itemsMin) {

  private static final int VALUES_MAX = 32;

  public PrivacyCurveSettings {
    requireSome("--epsilons", epsilons);
    requireSome("--mechanisms", mechanisms);
    requireSome("--seeds", seeds);
    epsilons = List.copyOf(epsilons);
    mechanisms = List.copyOf(mechanisms);
    seeds = List.copyOf(seeds);
    for (double epsilon : epsilons) {
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException(
            "--epsilons has " + epsilon + ", must be numbers above 0, or none");
      }
    }
    if (itemsMin < 1 || itemsMin > HonestSplit.ITEMS_PER_USER_MIN) {
      throw new IllegalArgumentException(
          "--items-min is "
              + itemsMin
              + ", must be 1 to "
              + HonestSplit.ITEMS_PER_USER_MIN
              + ", from which on users are tested on");
    }
  }

  private static void requireSome(String option, List<?> values) {
    if (values.isEmpty() || values.size() > VALUES_MAX) {
      throw new IllegalArgumentException(
          option + " has " + values.size() + " values, must be 1 to " + VALUES_MAX);
    }
  }
}
