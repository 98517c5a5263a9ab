package io.tacit.coordinator.plans;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.privacy.HonestShare;

/** The privacy of a plan file. */
final class PrivacyReader {

  /** The mechanisms, by the words of plan files. */
  private enum Mechanism {
    NONE,
    DISTRIBUTED,
    CENTRAL
  }

  /** Unless said otherwise, delta is this share of the largest that is allowed. */
  private static final double DELTA_SHARE = 0.1;

  /** Unless said otherwise, one shard in so many may be lost. */
  private static final int SHARDS_LOST = 5;

  private PrivacyReader() {}

  static PrivacySettings privacy(
      Section privacy, CohortSettings cohort, AggregationSettings aggregation) {
    privacy.allowing(
        "mechanism",
        "noise-multiplier",
        "delta",
        "users",
        "participations-max",
        "shards-minimum",
        "dishonest",
        "epsilon-models-max",
        "epsilon-coordinator-max");
    return switch (privacy.choice("mechanism", Mechanism.class, null)) {
      case NONE -> {
        privacy.allowing("mechanism");
        yield PrivacySettings.NONE;
      }
      case DISTRIBUTED ->
          noise(privacy, PrivacySettings.Mechanism.DISTRIBUTED, cohort, aggregation);
      case CENTRAL -> noise(privacy, PrivacySettings.Mechanism.CENTRAL, cohort, aggregation);
    };
  }

  private static PrivacySettings noise(
      Section privacy,
      PrivacySettings.Mechanism mechanism,
      CohortSettings cohort,
      AggregationSettings aggregation) {
    long users = privacy.longInteger("users");
    int shards = aggregation.shards().count(cohort.size());
    return new PrivacySettings.Noise(
        mechanism,
        privacy.number("noise-multiplier"),
        privacy.number("delta", DELTA_SHARE / users),
        users,
        privacy.integer("participations-max"),
        privacy.integer("shards-minimum", shards - shards / SHARDS_LOST),
        privacy.choice("dishonest", HonestShare.Dishonest.class, HonestShare.Dishonest.TENTH),
        budget(privacy));
  }

  /** The epsilons at which a section says that rounds end. */
  static PrivacySettings.Budget budget(Section section) {
    return new PrivacySettings.Budget(
        limit(section, "epsilon-models-max"), limit(section, "epsilon-coordinator-max"));
  }

  /** Refused here, where it is known whose budget it is. */
  private static double limit(Section section, String key) {
    double epsilon = section.number(key, Double.POSITIVE_INFINITY);
    if (!(epsilon > 0)) {
      throw new InvalidPlanException(
          section.path() + "." + key,
          epsilon,
          "above 0",
          "leave it out for no limit but the participations");
    }
    return epsilon;
  }
}
