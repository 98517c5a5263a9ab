package io.tacit.cli.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Output;
import io.tacit.coordinator.plans.PlanFileException;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.MetricSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.plan.ShardSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.protocol.privacy.Horizon;
import io.tacit.protocol.privacy.NoisePlan;
import io.tacit.protocol.privacy.PrivacyBound;
import io.tacit.protocol.privacy.PrivacyCost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tacit privacy plan}: the noise that a target epsilon takes, and all that it costs. */
@Command(
    name = "plan",
    description = {
      "Compute the noise multiplier for a target epsilon, and say both epsilons that it gives with"
          + " what they assume; with --metrics-epsilon also the noise of what devices measure, and"
          + " what both tell together.",
      "Nothing is asked of a coordinator. Rounds, cohort, shards, clip norm and model come from"
          + " FILE where it is given; options go before it."
    })
final class PrivacyPlan implements Callable<Integer> {

  private static final int ROUNDS = 60;
  private static final int COHORT = 128;
  private static final int PARAMETERS = 10_000;

  /** Groups of devices: those held back and those that train. */
  private static final int METRIC_GROUPS = 2;

  /**
   * What one device can change in the sums of all groups: a one, and two metrics of at most one.
   */

  /** Digits of the noise multiplier that is printed, rounded up. */
  private static final double PRECISION = 1e4;

  /** Unless said otherwise, delta is this share of the largest that is allowed. */
  private static final double DELTA_SHARE = 0.1;

  /** Unless said otherwise, one shard in so many may be lost. */
  private static final int SHARDS_LOST = 5;

  @Spec private CommandSpec spec;
  @Mixin private final Output output = new Output();

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "A plan file to take the rest of.")
  private @Nullable Path file;

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      required = true,
      description = "Target against whoever sees the models; 1 to 8 are usual.")
  private double epsilon;

  @Option(
      names = "--users",
      paramLabel = "N",
      required = true,
      description = "Devices that the population may ever have.")
  private long users;

  @Option(
      names = "--participations",
      paramLabel = "M",
      required = true,
      description = "Rounds that one device takes part in at the most; it counts itself.")
  private long participations;

  @Option(names = "--delta", paramLabel = "D", description = "Default: 0.1 / N.")
  private @Nullable Double delta;

  @Option(
      names = "--mechanism",
      paramLabel = "WHO",
      defaultValue = "distributed",
      description = "Who adds the noise: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Mechanism mechanism;

  @Option(
      names = "--dishonest",
      paramLabel = "HOW-MANY",
      defaultValue = "tenth",
      description =
          "On a roster, not counted on to add noise: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private HonestShare.Dishonest dishonest;

  @Option(names = "--rounds", paramLabel = "T", description = "Default: " + ROUNDS + ".")
  private @Nullable Integer rounds;

  @Option(
      names = "--cohort",
      paramLabel = "N",
      description = "Devices in a round, default: " + COHORT + ".")
  private @Nullable Integer cohort;

  @Option(
      names = "--shard-size",
      paramLabel = "N",
      description = "Devices in a shard at the most, default: 64.")
  private @Nullable Integer shardSize;

  @Option(
      names = "--shard-minimum",
      paramLabel = "N",
      description = "A shard with fewer is given up, default: half of its size.")
  private @Nullable Integer shardMinimum;

  @Option(
      names = "--survivors",
      paramLabel = "PERCENT",
      description =
          "Of a roster, must be in the sum or the shard is given up, 67 to 100; each device adds"
              + " less noise. Default: the two thirds that secure aggregation takes in any case.")
  private @Nullable Integer survivors;

  @Option(
      names = "--shards-minimum",
      paramLabel = "N",
      description = "Fewer completed shards publish no model, default: four fifths of them.")
  private @Nullable Integer shardsMinimum;

  @Option(names = "--clip-norm", paramLabel = "C", description = "Default: 1.")
  private @Nullable Double clipNorm;

  @Option(
      names = "--parameters",
      paramLabel = "D",
      description = "Of the model, default: " + PARAMETERS + "; epsilon does not depend on it.")
  private @Nullable Integer parameters;

  @Option(
      names = "--metrics-epsilon",
      paramLabel = "E",
      description =
          "Target of what devices measure (evaluation.metrics), beside --epsilon; default: that of"
              + " FILE's noise, if it has any.")
  private @Nullable Double metricsEpsilon;

  /**
   * What a noise plan is computed for; in the clear a model is of so many devices at the least,
   * else that is 0.
   */
  private record Setting(
      long rounds,
      int cohort,
      ShardSettings shards,
      int shardsMinimum,
      double clip,
      int d,
      int metricGroups,
      int inTheClearMinimum) {

    boolean inTheClear() {
      return inTheClearMinimum > 0;
    }

    double noiseMultiplier(NoisePlan noise) {
      return inTheClear() ? noise.noiseMultiplierOf(inTheClearMinimum) : noise.noiseMultiplier();
    }
  }

  /** The noise of one mechanism and what it costs. */
  private record Priced(NoisePlan noise, double multiplier, PrivacyCost cost) {}

  @Override
  public Integer call() throws IOException {
    TrainingPlan plan = plan();
    try {
      Setting setting = setting(plan);
      double chosenDelta = delta == null ? DELTA_SHARE / users : delta;
      Horizon horizon = Horizon.capped(Math.max(setting.rounds(), participations), participations);
      Priced updates =
          priced(
              multiplierFor(horizon, epsilon, chosenDelta),
              setting.clip(),
              setting.d(),
              setting,
              horizon,
              chosenDelta);
      OptionalDouble metricMultiplier = metricMultiplier(plan, horizon, chosenDelta);
      Priced metrics =
          metricMultiplier.isEmpty()
              ? null
              : priced(
                  metricMultiplier.getAsDouble(),
                  MetricSettings.NORM,
                  setting.metricGroups() * WireLimits.METRIC_GROUP_LANES,
                  setting,
                  horizon,
                  chosenDelta);
      String section = section(setting, updates.multiplier(), chosenDelta);
      PrivacyCost both =
          metrics == null ? updates.cost() : together(setting, updates, metrics, horizon);
      output.print(
          document(updates, metrics, both, section)
              .put("survivorsPercent", setting.shards().survivorsPercent()),
          text(updates, metrics, both, section + shardsSection(setting)));
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** That of FILE; null without one. */
  private @Nullable TrainingPlan plan() throws IOException {
    try {
      return file == null ? null : LocalPlan.parse(PlanFile.read(file));
    } catch (PlanFileException | InvalidPlanException e) {
      throw new IOException("The plan is not valid: " + e.getMessage() + ".", e);
    }
  }

  private double multiplierFor(Horizon horizon, double target, double chosenDelta) {
    double exact = horizon.noiseMultiplierFor(target, chosenDelta, users);
    return Math.ceil(exact * PRECISION) / PRECISION;
  }

  /**
   * Of what devices measure: for the target, else as the file says; empty if they report nothing.
   */
  private OptionalDouble metricMultiplier(
      @Nullable TrainingPlan plan, Horizon horizon, double chosenDelta) {
    if (metricsEpsilon != null) {
      return OptionalDouble.of(multiplierFor(horizon, metricsEpsilon, chosenDelta));
    }
    MetricSettings metrics = plan == null ? null : plan.evaluation().metrics();
    if (metrics == null) {
      return OptionalDouble.empty();
    } else if (metrics.noiseMultiplier() == 0) {
      throw new IllegalArgumentException(
          "evaluation.metrics.noise-multiplier of "
              + file
              + " is 0, must be above 0 where updates have noise; give a target with"
              + " --metrics-epsilon");
    }
    return OptionalDouble.of(metrics.noiseMultiplier());
  }

  private Priced priced(
      double multiplier,
      double norm,
      int lanes,
      Setting setting,
      Horizon horizon,
      double chosenDelta) {
    NoisePlan noise = noise(setting, multiplier, norm, lanes);
    PrivacyCost cost =
        setting.inTheClear()
            ? PrivacyCost.inTheClear(
                noise, setting.inTheClearMinimum(), horizon, chosenDelta, users)
            : PrivacyCost.of(noise, horizon, chosenDelta, users);
    return new Priced(noise, multiplier, cost);
  }

  /** What updates and metrics of the same rounds tell together. */
  private PrivacyCost together(Setting setting, Priced updates, Priced metrics, Horizon horizon) {
    double chosenDelta = updates.cost().models().delta();
    double models =
        NoisePlan.together(
            setting.noiseMultiplier(updates.noise()), setting.noiseMultiplier(metrics.noise()));
    double shard =
        NoisePlan.together(
            updates.noise().shardNoiseMultiplier(), metrics.noise().shardNoiseMultiplier());
    return new PrivacyCost(
        horizon.seenFromModels(models).bound(chosenDelta, users),
        Double.isInfinite(updates.cost().coordinator().epsilon())
            ? updates.cost().coordinator()
            : horizon.seenWithRosters(shard).bound(chosenDelta, users),
        updates.cost().assumptions());
  }

  private static String text(
      Priced updates, @Nullable Priced metrics, PrivacyCost both, String section) {
    if (metrics == null) {
      return "Noise multiplier %s\n%s\nFor the plan file:\n%s"
          .formatted(updates.multiplier(), updates.cost(), section);
    }
    return """
    Updates: noise multiplier %s
    Against whoever sees the models: %s
    Against the coordinator: %s

    Metrics: noise multiplier %s
    Against whoever sees the models: %s
    Against the coordinator: %s

    Both together:
    %s- By what it measured, one device changes the sums of all groups together by at most %s.

    For the plan file:
    %s
    and in evaluation.metrics:
    noise-multiplier: %s\
    """
        .formatted(
            updates.multiplier(),
            updates.cost().models(),
            updates.cost().coordinator(),
            metrics.multiplier(),
            metrics.cost().models(),
            metrics.cost().coordinator(),
            both,
            String.format(Locale.ROOT, "%.4f", metrics.noise().sensitivity()),
            section,
            metrics.multiplier());
  }

  private Setting setting(@Nullable TrainingPlan plan) {
    int size = cohort != null ? cohort : plan == null ? COHORT : plan.cohort().size();
    ShardSettings shards = shards(plan);
    int count = shards.count(size);
    return new Setting(
        rounds != null ? rounds : plan == null ? ROUNDS : plan.rounds(),
        size,
        shards,
        shardsMinimum != null ? shardsMinimum : shardsMinimum(plan, count),
        clipNorm != null ? clipNorm : plan == null ? 1 : plan.client().clipNorm(),
        parameters != null ? parameters : plan == null ? PARAMETERS : plan.parameters(),
        metricGroups(plan),
        plan != null && plan.aggregation().mode() == AggregationSettings.Mode.PLAIN
            ? plan.cohort().minimum()
            : 0);
  }

  private static int metricGroups(@Nullable TrainingPlan plan) {
    MetricSettings metrics = plan == null ? null : plan.evaluation().metrics();
    return metrics == null ? METRIC_GROUPS : metrics.groups().size();
  }

  private static int shardsMinimum(@Nullable TrainingPlan plan, int count) {
    return plan != null && plan.privacy() instanceof PrivacySettings.Noise noise
        ? Math.min(noise.shardsMinimum(), count)
        : count - count / SHARDS_LOST;
  }

  private ShardSettings shards(@Nullable TrainingPlan plan) {
    ShardSettings given = plan == null ? ShardSettings.DEFAULT : plan.aggregation().shards();
    int percent = survivors != null ? survivors : given.survivorsPercent();
    if (shardSize == null && shardMinimum == null) {
      return new ShardSettings(given.size(), given.minimum(), given.suite(), percent);
    }
    int size = shardSize != null ? shardSize : given.size();
    return new ShardSettings(
        size,
        shardMinimum != null ? shardMinimum : Math.max(ShardSettings.MINIMUM_FLOOR, size / 2),
        given.suite(),
        percent);
  }

  private NoisePlan noise(Setting setting, double multiplier, double norm, int lanes) {
    return switch (mechanism) {
      case CENTRAL -> NoisePlan.central(multiplier, norm, lanes, setting.cohort());
      case DISTRIBUTED ->
          NoisePlan.distributed(
              multiplier,
              norm,
              lanes,
              new HonestShare(
                  setting.shards().minimum(),
                  setting.shards().largest(setting.cohort()),
                  setting.shardsMinimum(),
                  dishonest,
                  setting.shards().survivors()),
              setting.cohort());
    };
  }

  private String section(Setting setting, double multiplier, double chosenDelta) {
    return "privacy: {mechanism: %s, noise-multiplier: %s, users: %d, delta: %s, participations-max: %d, shards-minimum: %d, dishonest: %s}"
        .formatted(
            mechanism.name().toLowerCase(Locale.ROOT),
            multiplier,
            users,
            Double.toString(chosenDelta).replace('E', 'e'),
            participations,
            setting.shardsMinimum(),
            dishonest.name().toLowerCase(Locale.ROOT));
  }

  /** What the noise counts on and the section for privacy does not say. */
  private static String shardsSection(Setting setting) {
    int percent = setting.shards().survivorsPercent();
    return percent == 0 ? "" : "\nand in aggregation.shards:\nsurvivors-percent: " + percent;
  }

  /** What stands at the top is of all that devices send, where they report metrics too. */
  private static ObjectNode document(
      Priced updates, @Nullable Priced metrics, PrivacyCost both, String section) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("noiseMultiplier", updates.noise().noiseMultiplier())
            .put("shardNoiseMultiplier", updates.noise().shardNoiseMultiplier())
            .put("delta", both.models().delta());
    put(document.putObject("epsilon"), both);
    if (metrics != null) {
      put(document.putObject("updates").putObject("epsilon"), updates.cost());
      ObjectNode part =
          document
              .putObject("metrics")
              .put("noiseMultiplier", metrics.noise().noiseMultiplier())
              .put("shardNoiseMultiplier", metrics.noise().shardNoiseMultiplier());
      put(part.putObject("epsilon"), metrics.cost());
    }
    ArrayNode assumptions = document.putArray("assumptions");
    both.assumptions().forEach(assumptions::add);
    return document.put("section", section);
  }

  private static void put(ObjectNode epsilons, PrivacyCost cost) {
    put(epsilons, "models", cost.models());
    put(epsilons, "coordinator", cost.coordinator());
  }

  /** Null is unbounded. */
  private static void put(ObjectNode epsilons, String name, PrivacyBound bound) {
    if (Double.isInfinite(bound.epsilon())) {
      epsilons.putNull(name);
    } else {
      epsilons.put(name, bound.epsilon());
    }
  }
}
