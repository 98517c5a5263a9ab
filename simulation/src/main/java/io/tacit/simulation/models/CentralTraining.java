package io.tacit.simulation.models;

import io.tacit.client.model.UserVector;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.evaluation.HeldOut;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.RankingTask;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The control that gives up privacy: the same model, the same local steps, but everybody's data in
 * one place, user after user on one set of parameters, without clipping, rounds or a server step.
 */
public final class CentralTraining {

  /** Passes without a better validation before training stops. */
  private static final int PATIENCE = 5;

  /** Times the plan's client learning rate; validation chooses. */
  private static final double[] RATE_FACTORS = {1, 0.25, 0.0625};

  /** No useful model has larger parameters, and scores of larger ones could overflow. */
  private static final float PARAMETER_MAX = 1e6f;

  private final TrainingPlan plan;
  private final HonestSplit split;
  private final DeviceTraining training;
  private final TrainingSettings settings;
  private final SplitMix64 random;
  private final @Nullable UserVector[] users;
  private final float[] parameters;
  private final SplitExamples examples;

  private CentralTraining(
      TrainingPlan plan, HonestSplit split, DeviceTraining training, long seed, double rateFactor) {
    this.plan = plan;
    this.split = split;
    this.training = training;
    TrainingSettings once = TrainingSettings.of(plan.client());
    this.settings =
        new TrainingSettings(
            once.optimiser(),
            once.learningRate() * rateFactor,
            once.epochs(),
            once.batchSize(),
            once.negativesPerPositive(),
            once.sumLoss(),
            once.proximal());
    this.random = new SplitMix64(seed);
    this.users = new UserVector[split.userCount()];
    this.parameters = ModelParameters.initial(plan.model()).toArray();
    this.examples = SplitExamples.of(plan, split);
  }

  /**
   * Trains until validation no longer improves.
   *
   * @param passesMax over all users, at least 1
   * @return the pass that was best on validation, as a scorer
   */
  public static ModelScorer train(TrainingPlan plan, HonestSplit split, long seed, int passesMax) {
    DeviceTraining honest = DeviceTraining.of(split, NegativeSampling.HONEST);
    try {
      return new CentralTraining(plan, split, honest, seed, 1).best(passesMax, pass -> {}).scorer();
    } catch (DivergedException e) {
      throw new IllegalStateException("central training diverged; lower the learning rate", e);
    }
  }

  /**
   * What was best on validation.
   *
   * @param scorer of the best pass
   * @param hitRate HR@10 on validation items
   * @param learningRate it was trained with
   */
  public record Best(ModelScorer scorer, double hitRate, double learningRate) {}

  /**
   * Trains with the plan's client learning rate and with smaller ones, each until validation no
   * longer improves: a rate that is right where a server averages many devices can be too large for
   * steps that follow each other, and a control must not lose for that.
   *
   * @param device how a user's steps are taken
   * @param passesMax over all users for each rate, at least 1
   * @param progress told, after each pass, how many of {@code passesMax} parts of all are done
   * @return the rate and pass that were best on validation
   * @throws IllegalStateException if training diverges with every rate
   */
  public static Best trainBest(
      TrainingPlan plan,
      HonestSplit split,
      DeviceTraining device,
      long seed,
      int passesMax,
      IntConsumer progress) {
    @Nullable Best best = null;
    for (int i = 0; i < RATE_FACTORS.length; i++) {
      int before = i * passesMax;
      try {
        Best candidate =
            new CentralTraining(plan, split, device, seed, RATE_FACTORS[i])
                .best(passesMax, pass -> progress.accept((before + pass) / RATE_FACTORS.length));
        if (best == null || candidate.hitRate() > best.hitRate()) {
          best = candidate;
        }
      } catch (DivergedException e) {
        // A smaller rate follows.
      }
    }
    if (best == null) {
      throw new IllegalStateException(
          "central training diverged with every learning rate down to "
              + plan.client().learningRate() * RATE_FACTORS[RATE_FACTORS.length - 1]
              + "; lower --client-rate");
    }
    return best;
  }

  private Best best(int passesMax, IntConsumer progress) throws DivergedException {
    RankingTask validation = RankingTask.sampled(split, HeldOut.VALIDATION);
    Best best = new Best(scorer(), -1, settings.learningRate());
    for (int pass = 1, lastBetter = 0; pass <= passesMax && pass - lastBetter <= PATIENCE; pass++) {
      pass();
      ModelScorer candidate = scorer();
      double hitRate = validation.evaluate(candidate).hitRate().mean();
      if (hitRate > best.hitRate()) {
        best = new Best(candidate, hitRate, settings.learningRate());
        lastBetter = pass;
      }
      progress.accept(pass);
    }
    return best;
  }

  /** Steps grew instead of coming to rest. */
  private static final class DivergedException extends Exception {
    DivergedException(String message) {
      super(message);
    }
  }

  private void pass() throws DivergedException {
    for (int user : order()) {
      TrainingTask task =
          new TrainingTask(
              plan.model(),
              ModelParameters.copyOf(parameters),
              examples.examples(user),
              settings,
              random.nextLong(),
              users[user]);
      try {
        TrainingResult result = training.train(user, task);
        add(result);
        users[user] = result.userVector();
      } catch (TrainingDivergedException e) {
        throw new DivergedException("at user " + user + ": " + e.getMessage());
      }
    }
  }

  private void add(TrainingResult result) throws DivergedException {
    int[] tooLarge = {-1};
    result
        .delta()
        .forEach(
            (i, difference) -> {
              parameters[i] += difference;
              if (!(Math.abs(parameters[i]) <= PARAMETER_MAX)) {
                tooLarge[0] = i;
              }
            });
    if (tooLarge[0] >= 0) {
      throw new DivergedException("parameter " + tooLarge[0] + " is " + parameters[tooLarge[0]]);
    }
  }

  private int[] order() {
    int[] order = new int[split.userCount()];
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  private ModelScorer scorer() {
    @Nullable UserVector[] kept = users.clone();
    return ModelScorer.of(
        plan, ModelParameters.copyOf(parameters), split, training, user -> kept[user]);
  }
}
