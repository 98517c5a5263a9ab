package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.protocol.privacy.Horizon;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyCost;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that coordinator and devices agree on for the rounds of one model. Immutable.
 *
 * <p>A plan that exists can be carried out: the constructor checks that its parts fit each other
 * and that the sum of a full cohort can not wrap around.
 *
 * @param id names the plan across versions
 * @param version rises with each change, 1 to 2^31 - 1
 * @param population which apps' devices take part
 * @param model what is trained
 * @param features how behaviour becomes its examples
 * @param client how a device trains
 * @param cohort how many devices a round takes
 * @param deadlines how long a round waits
 * @param serverOptimiser what the coordinator does with the mean
 * @param aggregation how updates become a sum
 * @param privacy what the models may reveal about one device
 * @param evaluation what devices measure
 * @param rounds how many rounds to run, 1 to 1 000 000
 * @param notAfter the last second, UTC, in which anybody follows this version, years 2000 to 2199;
 *     null in a plan without an end, which can not be signed
 */
public record TrainingPlan(
    PlanId id,
    int version,
    String population,
    ModelSpecification model,
    FeatureSchema features,
    ClientSettings client,
    CohortSettings cohort,
    DeadlineSettings deadlines,
    ServerOptimiserSettings serverOptimiser,
    AggregationSettings aggregation,
    PrivacySettings privacy,
    EvaluationSettings evaluation,
    int rounds,
    @Nullable Instant notAfter) {

  /** From so many parameters on, the keys of ML-KEM weigh little beside an update. */
  private static final int HYBRID_PARAMETERS_MIN = 100_000;

  /** Up to so many devices in a shard, each has few keys to send. */
  private static final int HYBRID_SESSION_MAX = 32;

  // By number: the first text that is parsed costs the start of an app some milliseconds.
  static final Instant NOT_AFTER_MIN = Instant.ofEpochSecond(946_684_800L); // 2000-01-01T00:00:00Z
  static final Instant NOT_AFTER_MAX =
      Instant.ofEpochSecond(7_258_118_399L); // 2199-12-31T23:59:59Z

  public TrainingPlan {
    Fields.within("version", version, 1, Integer.MAX_VALUE, "raise it with each change");
    if (!Names.isName(population)) {
      throw new InvalidPlanException(
          "population",
          "\"" + population + "\"",
          "1 to 64 characters of a-z 0-9 - . _",
          "use the name that the apps announce");
    }
    Fields.within("rounds", rounds, 1, 1_000_000, "60 are a usual start");
    requireFit(model, features);
    requireLayout(model);
    requireShards(cohort, aggregation);
    // Fails here, not in round one: the scale must leave room for the sum of a full roster.
    FixedPointCodec.forCohort(client.clipNorm(), seats(cohort, aggregation));
    if (privacy instanceof PrivacySettings.Noise noise) {
      requireEqualWeights(aggregation);
      requireShardsOf(cohort, aggregation, noise);
      noisePlan(model, client, cohort, aggregation, noise);
    }
    requireMetricNoise(privacy, evaluation);
    if (evaluation.metrics() != null) {
      ReleaseWindow.requireEnough(evaluation.metrics(), cohort, privacy);
    }
    if (evaluation.metrics() != null && privacy instanceof PrivacySettings.Noise noise) {
      metricNoise(evaluation.metrics(), cohort, aggregation, noise);
    }
    if (notAfter != null) {
      notAfter = notAfter.truncatedTo(ChronoUnit.SECONDS);
      if (notAfter.isBefore(NOT_AFTER_MIN) || notAfter.isAfter(NOT_AFTER_MAX)) {
        throw notAfterOutOfRange(notAfter);
      }
    }
  }

  /** A plan without differential privacy and without an end. */
  public TrainingPlan(
      PlanId id,
      int version,
      String population,
      ModelSpecification model,
      FeatureSchema features,
      ClientSettings client,
      CohortSettings cohort,
      DeadlineSettings deadlines,
      ServerOptimiserSettings serverOptimiser,
      AggregationSettings aggregation,
      EvaluationSettings evaluation,
      int rounds) {
    this(
        id,
        version,
        population,
        model,
        features,
        client,
        cohort,
        deadlines,
        serverOptimiser,
        aggregation,
        PrivacySettings.NONE,
        evaluation,
        rounds,
        null);
  }

  static InvalidPlanException notAfterOutOfRange(Object value) {
    return new InvalidPlanException(
        "not-after",
        value,
        NOT_AFTER_MIN + " to " + NOT_AFTER_MAX,
        "say until when devices may follow this version");
  }

  /** This plan with an end, or another one. */
  public TrainingPlan withNotAfter(Instant end) {
    return with(deadlines, aggregation, privacy, evaluation, end);
  }

  /** This plan with other limits of time. */
  public TrainingPlan withDeadlines(DeadlineSettings limits) {
    return with(limits, aggregation, privacy, evaluation, notAfter);
  }

  /** This plan with updates that become sums in another way. */
  public TrainingPlan withAggregation(AggregationSettings other) {
    return with(deadlines, other, privacy, evaluation, notAfter);
  }

  /** This plan with another privacy. */
  public TrainingPlan withPrivacy(PrivacySettings other) {
    return with(deadlines, aggregation, other, evaluation, notAfter);
  }

  /** This plan with devices that measure something else. */
  public TrainingPlan withEvaluation(EvaluationSettings other) {
    return with(deadlines, aggregation, privacy, other, notAfter);
  }

  private TrainingPlan with(
      DeadlineSettings limits,
      AggregationSettings sums,
      PrivacySettings noise,
      EvaluationSettings measured,
      @Nullable Instant end) {
    return new TrainingPlan(
        id,
        version,
        population,
        model,
        features,
        client,
        cohort,
        limits,
        serverOptimiser,
        sums,
        noise,
        measured,
        rounds,
        end);
  }

  /** Whether the plan has an end that is over. */
  public boolean isExpired(Instant now) {
    return notAfter != null && now.isAfter(notAfter);
  }

  /** The number format of this plan's updates, the same on every side of the contract. */
  public UpdateFormat updateFormat() {
    return UpdateFormat.of(this);
  }

  /** The noise in this plan's sums; empty without differential privacy. */
  public Optional<NoisePlan> noise() {
    return privacy instanceof PrivacySettings.Noise noise
        ? Optional.of(noisePlan(model, client, cohort, aggregation, noise))
        : Optional.empty();
  }

  /**
   * What taking part in this plan as often as its cap allows lets be learnt about a device; empty
   * without differential privacy.
   */
  public Optional<PrivacyCost> privacyCost() {
    if (!(privacy instanceof PrivacySettings.Noise noise)) {
      return Optional.empty();
    }
    return Optional.of(cost(noisePlan(model, client, cohort, aggregation, noise), noise));
  }

  private PrivacyCost cost(NoisePlan of, PrivacySettings.Noise noise) {
    // Rounds that are abandoned late count too, and a later version may run more: only the cap
    // bounds.
    Horizon horizon =
        Horizon.capped(Math.max(rounds, noise.participationsMax()), noise.participationsMax());
    return aggregation.mode() == AggregationSettings.Mode.PLAIN
        ? PrivacyCost.inTheClear(of, cohort.minimum(), horizon, noise.delta(), noise.users())
        : PrivacyCost.of(of, horizon, noise.delta(), noise.users());
  }

  /** The noise in the sums of what devices measure; empty without either. */
  public Optional<NoisePlan> metricNoise() {
    return evaluation.metrics() != null && privacy instanceof PrivacySettings.Noise noise
        ? Optional.of(metricNoise(evaluation.metrics(), cohort, aggregation, noise))
        : Optional.empty();
  }

  /**
   * What the metrics of this plan let be learnt about a device that takes part as often as its cap
   * allows, beside {@link #privacyCost()}; empty without metrics or differential privacy.
   */
  public Optional<PrivacyCost> metricCost() {
    return privacy instanceof PrivacySettings.Noise noise
        ? metricNoise().map(of -> cost(of, noise))
        : Optional.empty();
  }

  private static NoisePlan metricNoise(
      MetricSettings metrics,
      CohortSettings cohort,
      AggregationSettings aggregation,
      PrivacySettings.Noise noise) {
    int lanes = metrics.groups().size() * WireLimits.METRIC_GROUP_LANES;
    return noisePlan(
        "evaluation.metrics",
        metrics.noiseMultiplier(),
        MetricSettings.NORM,
        lanes,
        cohort,
        aggregation,
        noise);
  }

  private static NoisePlan noisePlan(
      ModelSpecification model,
      ClientSettings client,
      CohortSettings cohort,
      AggregationSettings aggregation,
      PrivacySettings.Noise noise) {
    return noisePlan(
        "privacy",
        noise.noiseMultiplier(),
        client.clipNorm(),
        model.layout().size(),
        cohort,
        aggregation,
        noise);
  }

  /**
   * @param field of the plan that is at fault where the numbers do not go together
   * @param norm of what one device brings, at the most
   * @param lanes that it has
   */
  private static NoisePlan noisePlan(
      String field,
      double noiseMultiplier,
      double norm,
      int lanes,
      CohortSettings cohort,
      AggregationSettings aggregation,
      PrivacySettings.Noise noise) {
    int seats = seats(cohort, aggregation);
    try {
      return switch (noise.mechanism()) {
        case CENTRAL -> NoisePlan.central(noiseMultiplier, norm, lanes, seats);
        case DISTRIBUTED ->
            NoisePlan.distributed(
                noiseMultiplier,
                norm,
                lanes,
                new HonestShare(
                    aggregation.shards().minimum(),
                    aggregation.shards().largest(cohort.size()),
                    noise.shardsMinimum(),
                    noise.dishonest(),
                    aggregation.shards().survivors()),
                seats);
      };
    } catch (IllegalArgumentException e) {
      throw InvalidPlanException.because(field, e);
    }
  }

  /** What leaves a device has noise, or nothing has. */
  private static void requireMetricNoise(PrivacySettings privacy, EvaluationSettings evaluation) {
    MetricSettings metrics = evaluation.metrics();
    boolean isPrivate = privacy instanceof PrivacySettings.Noise;
    if (metrics != null && metrics.noiseMultiplier() > 0 != isPrivate) {
      throw new InvalidPlanException(
          "evaluation.metrics.noise-multiplier",
          metrics.noiseMultiplier(),
          isPrivate ? "above 0, as the plan has differential privacy" : "0 without privacy",
          "metrics have noise if and only if updates have");
    }
  }

  /** The mean of updates with noise divides by how many there are, which is public. */
  private static void requireEqualWeights(AggregationSettings aggregation) {
    if (aggregation.weighting() != AggregationSettings.Weighting.UNIFORM) {
      throw new InvalidPlanException(
          "aggregation.weighting",
          "examples",
          "uniform with noise, as the sum of the weights would tell of each device",
          "set it to uniform, or privacy.mechanism to none");
    }
  }

  private static void requireShardsOf(
      CohortSettings cohort, AggregationSettings aggregation, PrivacySettings.Noise noise) {
    Fields.within(
        "privacy.shards-minimum",
        noise.shardsMinimum(),
        1,
        aggregation.shards().count(cohort.size()),
        "a cohort has no more shards; lower it, or raise cohort.size");
  }

  /** Sessions that a round of this plan has: its shards, one in mode PLAIN. */
  public int sessionCount() {
    return sessionCount(cohort, aggregation);
  }

  private static int sessionCount(CohortSettings cohort, AggregationSettings aggregation) {
    return aggregation.mode() == AggregationSettings.Mode.PLAIN
        ? 1
        : aggregation.shards().count(cohort.size());
  }

  /** Updates in the sum of a round at most: a cohort that does not split evenly fills up shards. */
  int seats() {
    return seats(cohort, aggregation);
  }

  private static int seats(CohortSettings cohort, AggregationSettings aggregation) {
    int count = sessionCount(cohort, aggregation);
    return count * ((cohort.size() + count - 1) / count);
  }

  /** Seats of each session: the cohort split evenly, rounded up. */
  public int sessionSize() {
    return (cohort.size() + sessionCount() - 1) / sessionCount();
  }

  /** A session with fewer devices is given up. */
  public int sessionMinimum() {
    return aggregation.mode() == AggregationSettings.Mode.PLAIN
        ? cohort.minimum()
        : aggregation.shards().minimum();
  }

  /** How the sessions of this plan hide updates: the only suite that its devices accept. */
  public Suite suite() {
    if (aggregation.mode() == AggregationSettings.Mode.PLAIN) {
      return Suite.PLAIN;
    }
    return switch (aggregation.shards().suite()) {
      case CLASSIC -> Suite.CLASSIC;
      case HYBRID -> Suite.HYBRID;
      case AUTO ->
          parameters() >= HYBRID_PARAMETERS_MIN || sessionSize() <= HYBRID_SESSION_MAX
              ? Suite.HYBRID
              : Suite.CLASSIC;
    };
  }

  /** d, the number of parameters of the model. */
  public int parameters() {
    return model.layout().size();
  }

  /**
   * The wire form ({@code tacit.v1.TrainingPlan}) without a signature; {@link PlanArtifact} is what
   * is stored and hashed.
   */
  public byte[] toBytes() {
    return PlanMessages.encode(this).toByteArray();
  }

  /**
   * Reads the wire form, signed or not; nothing is verified.
   *
   * @throws InvalidPlanException if a field is out of range
   * @throws IllegalArgumentException if the bytes are no plan at all
   */
  public static TrainingPlan fromBytes(byte[] bytes) {
    return PlanMessages.decode(PlanMessages.parse(bytes));
  }

  /** The SHA-256 of {@link #toBytes()}. */
  public ContentHash contentHash() {
    return ContentHash.of(toBytes());
  }

  private static void requireShards(CohortSettings cohort, AggregationSettings aggregation) {
    int count = sessionCount(cohort, aggregation);
    int smallest = cohort.size() / count;
    if (aggregation.mode() == AggregationSettings.Mode.SECURE
        && smallest < aggregation.shards().minimum()) {
      throw new InvalidPlanException(
          "cohort.size",
          cohort.size(),
          count * aggregation.shards().minimum()
              + " or more, so that each of "
              + count
              + " shards can have the aggregation.shards.minimum of "
              + aggregation.shards().minimum(),
          "raise it, or lower that");
    }
  }

  private static void requireFit(ModelSpecification model, FeatureSchema features) {
    if (model instanceof ModelSpecification.Tabular tabular) {
      if (!(features instanceof FeatureSchema.Attributes attributes)) {
        throw new InvalidPlanException(
            "features", "over items", "a list of attributes for model kind tabular", "list them");
      }
      if (attributes.width() != tabular.inputs()) {
        throw new InvalidPlanException(
            "model.inputs",
            tabular.inputs(),
            attributes.width() + ", the encoded width of the features",
            "set it to that");
      }
    } else {
      if (!(features instanceof FeatureSchema.Items items)) {
        throw new InvalidPlanException(
            "features",
            "a list of attributes",
            "over items for model kind " + model.kind(),
            "name a catalogue");
      }
      ModelSpecification.OfItems ofItems = (ModelSpecification.OfItems) model;
      requireSize(
          "items", ofItems.items(), items.rows(), "the items of the catalogue and its buckets");
      requireSize(
          "item-features",
          ofItems.itemFeatures(),
          items.itemFeatureWidth(),
          "the encoded width of features.item-features");
      requireSize(
          "user-features",
          ofItems.userFeatures(),
          items.userFeatureWidth(),
          "the encoded width of features.user-features");
    }
  }

  private static void requireSize(String key, int size, int expected, String what) {
    if (size != expected) {
      throw new InvalidPlanException(
          "model." + key, size, expected + ", " + what, "set it to that");
    }
  }

  private static void requireLayout(ModelSpecification model) {
    try {
      model.layout();
    } catch (IllegalArgumentException e) {
      throw InvalidPlanException.because("model", e);
    }
  }
}
