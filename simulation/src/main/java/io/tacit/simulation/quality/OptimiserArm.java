package io.tacit.simulation.quality;

import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.simulation.models.TrainingRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One way to train that the experiment with optimisers compares.
 *
 * @param rule of the server, as it is called in plans
 * @param serverRate learning rate of its step
 * @param epochs passes on the device
 * @param proximal weight of FedProx's term, 0 without
 */
public record OptimiserArm(
    ServerOptimiserSettings.Kind rule, double serverRate, int epochs, double proximal) {

  /**
   * Server rules with one local step, each at rates around what is usual for it, a factor of about
   * three apart. One step leaves the start only once, so that FedProx would do nothing: it is tried
   * with several passes, beside the same passes without it. Its weight is large, since the losses
   * of a step are summed over hundreds of examples.
   */
  private static final List<OptimiserArm> ALL =
      List.of(
          arm(ServerOptimiserSettings.Kind.MEAN, 1),
          arm(ServerOptimiserSettings.Kind.SCALED_MEAN, 6),
          arm(ServerOptimiserSettings.Kind.SCALED_MEAN, 18.9),
          arm(ServerOptimiserSettings.Kind.SCALED_MEAN, 60),
          arm(ServerOptimiserSettings.Kind.FED_ADAGRAD, 0.03),
          arm(ServerOptimiserSettings.Kind.FED_ADAGRAD, 0.1),
          arm(ServerOptimiserSettings.Kind.FED_ADAGRAD, 0.3),
          arm(ServerOptimiserSettings.Kind.FED_ADAM, 0.03),
          arm(ServerOptimiserSettings.Kind.FED_ADAM, 0.1),
          arm(ServerOptimiserSettings.Kind.FED_ADAM, 0.3),
          new OptimiserArm(ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 5, 0),
          new OptimiserArm(ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 5, 1),
          new OptimiserArm(ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 5, 10));

  private static OptimiserArm arm(ServerOptimiserSettings.Kind rule, double rate) {
    return new OptimiserArm(rule, rate, 1, 0);
  }

  /** All of them, those of one {@link #group()} beside each other. */
  static List<OptimiserArm> all() {
    return new ArrayList<>(ALL);
  }

  /** What is compared: arms of one group differ in the server's rate alone. */
  public String group() {
    String local = epochs == 1 ? "1 local pass" : epochs + " local passes";
    return label(rule) + ", " + local + (proximal == 0 ? "" : ", FedProx " + number(proximal));
  }

  /** The name in files, such as {@code fed-adam-0.1-5-0}. */
  String label() {
    return label(rule) + "-" + number(serverRate) + "-" + epochs + "-" + number(proximal);
  }

  /** A recipe with this arm's server rule and local passes, and everything else as it was. */
  TrainingRecipe applyTo(TrainingRecipe recipe) {
    ClientSettings client = recipe.client();
    ServerOptimiserSettings server = recipe.server();
    return new TrainingRecipe(
        recipe.kind(),
        recipe.dimension(),
        recipe.tower(),
        recipe.attributes(),
        recipe.recency(),
        recipe.rounds(),
        recipe.cohort(),
        new ClientSettings(
            client.optimiser(),
            // As many passes together go as far as one.
            client.learningRate() / epochs,
            epochs,
            client.batchSize(),
            client.negativesPerPositive(),
            client.clipNorm(),
            client.examplesMin(),
            client.examplesMax(),
            client.sumLoss(),
            proximal),
        new ServerOptimiserSettings(
            rule,
            serverRate,
            // Reddi et al. 2021 run FedAdagrad without momentum.
            rule == ServerOptimiserSettings.Kind.FED_ADAGRAD ? 0 : server.beta1(),
            server.beta2(),
            server.tau()));
  }

  private static String label(ServerOptimiserSettings.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
