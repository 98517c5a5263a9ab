package io.tacit.cli.evaluate;

import io.tacit.protocol.model.Recency;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.TrainingRecipe;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to train, where it is to differ from what is usual for the data. A picocli mixin. */
final class RecipeOptions {

  private static final String ALL = "all";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = {
        "two-tower, matrix-factorisation or neural-cf.",
        "Default, like all that follow: what is usual for the data; the command prints it."
      })
  private @Nullable String model;

  @Option(names = "--dimension", paramLabel = "N", description = "Length of an embedding.")
  private @Nullable Integer dimension;

  @Option(
      names = "--tower",
      paramLabel = "N,N...",
      split = ",",
      hideParamSyntax = true,
      description = "With neural-cf: units of the hidden layers.")
  private @Nullable List<Integer> tower;

  @Option(
      names = "--attributes",
      negatable = true,
      description =
          "Learn also from the attributes that the data has of items and users; or know items by"
              + " their ids alone, and users by what they did.")
  private @Nullable Boolean attributes;

  @Option(
      names = "--recency",
      paramLabel = "SHARE[,N]",
      split = ",",
      hideParamSyntax = true,
      description = {
        "With two-tower: share of a user's vector that the latest items make, 0 to 1, and the"
            + " number of items after which one counts half (5 if left out).",
        "Usual is 0.8,5 where the data has times and validation items say that order tells"
            + " something, else 0."
      })
  private @Nullable List<Double> recency;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds; the best on validation counts.")
  private @Nullable Integer rounds;

  @Option(names = "--cohort", paramLabel = "N", description = "Devices in a round, or all.")
  private @Nullable String cohort;

  @Option(
      names = "--client-optimiser",
      paramLabel = "RULE",
      description = "sgd, adam or sparse-adam.")
  private @Nullable String clientOptimiser;

  @Option(names = "--client-rate", paramLabel = "X", description = "Learning rate on the device.")
  private @Nullable Double clientRate;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over a device's examples.")
  private @Nullable Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples in a step, 0 for all in one; their losses are summed.")
  private @Nullable Integer batch;

  @Option(
      names = "--negatives",
      paramLabel = "N",
      description = "Negatives drawn for each positive.")
  private @Nullable Integer negatives;

  @Option(names = "--clip", paramLabel = "X", description = "L2 bound of an update.")
  private @Nullable Double clip;

  @Option(names = "--proximal", paramLabel = "X", description = "FedProx's mu; 0 is off.")
  private @Nullable Double proximal;

  @Option(
      names = "--server-rule",
      paramLabel = "RULE",
      description = "mean, scaled-mean, fed-adam or fed-adagrad.")
  private @Nullable String serverRule;

  @Option(
      names = "--server-rate",
      paramLabel = "X",
      description = "Learning rate of the server's step.")
  private @Nullable Double serverRate;

  /**
   * The recipe for the users of a split.
   *
   * @throws IllegalArgumentException if a value is not possible, naming option or setting, value
   *     and range
   */
  TrainingRecipe recipe(HonestSplit split) {
    TrainingRecipe usual =
        model == null
            ? TrainingRecipe.usualFor(split)
            : TrainingRecipe.usual(named("--model", model, TrainingRecipe.Kind.values()), split);
    return new TrainingRecipe(
        usual.kind(),
        or(dimension, usual.dimension()),
        or(tower, usual.tower()),
        or(attributes, usual.attributes()),
        recency == null ? usual.recency() : recencyOf(recency),
        or(rounds, usual.rounds()),
        cohort == null ? usual.cohort() : cohortOf("--cohort", cohort),
        client(usual.client()),
        server(usual.server()));
  }

  private static Recency recencyOf(List<Double> numbers) {
    if (numbers.size() > 2) {
      throw new IllegalArgumentException(
          "--recency has " + numbers.size() + " numbers, must be SHARE or SHARE,N such as 0.8,5");
    }
    double share = numbers.get(0);
    double halfLife = numbers.size() == 2 ? numbers.get(1) : Recency.USUAL_HALF_LIFE;
    return share == 0 ? Recency.NONE : new Recency(share, halfLife);
  }

  private ClientSettings client(ClientSettings usual) {
    return new ClientSettings(
        clientOptimiser == null
            ? usual.optimiser()
            : named("--client-optimiser", clientOptimiser, ClientSettings.Optimiser.values()),
        or(clientRate, usual.learningRate()),
        or(epochs, usual.epochs()),
        or(batch, usual.batchSize()),
        or(negatives, usual.negativesPerPositive()),
        or(clip, usual.clipNorm()),
        usual.examplesMin(),
        usual.examplesMax(),
        usual.sumLoss(),
        or(proximal, usual.proximal()));
  }

  private ServerOptimiserSettings server(ServerOptimiserSettings usual) {
    ServerOptimiserSettings.Kind kind =
        serverRule == null
            ? usual.kind()
            : named("--server-rule", serverRule, ServerOptimiserSettings.Kind.values());
    // A rate means another thing under each rule: the usual one of another rule is no default.
    double rate = kind == usual.kind() ? usual.learningRate() : usualRate(kind);
    return new ServerOptimiserSettings(
        kind, or(serverRate, rate), usual.beta1(), usual.beta2(), usual.tau());
  }

  private static double usualRate(ServerOptimiserSettings.Kind kind) {
    return switch (kind) {
      case MEAN -> 1;
      case SCALED_MEAN -> 18.9;
      case FED_ADAM, FED_ADAGRAD -> 0.1;
    };
  }

  /** Devices in a round, of an option. */
  static int cohortOf(String option, String text) {
    if (text.equals(ALL)) {
      return TrainingRecipe.EVERYBODY;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          option + " is \"" + text + "\", must be a number from 1 or " + ALL);
    }
    return Integer.parseInt(text);
  }

  private static <E extends Enum<E>> E named(String option, String text, E[] values) {
    return Arrays.stream(values)
        .filter(value -> label(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    option
                        + " is \""
                        + text
                        + "\", must be one of: "
                        + Arrays.stream(values)
                            .map(RecipeOptions::label)
                            .collect(Collectors.joining(", "))));
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> T or(@Nullable T given, T usual) {
    return given != null ? given : usual;
  }
}
