package io.tacit.simulation.models;

import io.tacit.client.model.UserVector;
import io.tacit.client.training.InteractionExamples;
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

  private final TrainingPlan plan;
  private final HonestSplit split;
  private final DeviceTraining training;
  private final SplitMix64 random;
  private final @Nullable UserVector[] users;
  private final float[] parameters;

  private CentralTraining(
      TrainingPlan plan, HonestSplit split, DeviceTraining training, long seed) {
    this.plan = plan;
    this.split = split;
    this.training = training;
    this.random = new SplitMix64(seed);
    this.users = new UserVector[split.userCount()];
    this.parameters = ModelParameters.initial(plan.model()).toArray();
  }

  /**
   * Trains until validation no longer improves.
   *
   * @param passesMax over all users, at least 1
   * @return the pass that was best on validation, as a scorer
   */
  public static ModelScorer train(TrainingPlan plan, HonestSplit split, long seed, int passesMax) {
    DeviceTraining honest = DeviceTraining.of(split, NegativeSampling.HONEST);
    return train(plan, split, honest, seed, passesMax, pass -> {});
  }

  /**
   * Trains until validation no longer improves.
   *
   * @param device how a user's steps are taken
   * @param passesMax over all users, at least 1
   * @param progress told the number of passes after each
   * @return the pass that was best on validation, as a scorer
   */
  public static ModelScorer train(
      TrainingPlan plan,
      HonestSplit split,
      DeviceTraining device,
      long seed,
      int passesMax,
      IntConsumer progress) {
    CentralTraining training = new CentralTraining(plan, split, device, seed);
    RankingTask validation = RankingTask.sampled(split, HeldOut.VALIDATION);
    ModelScorer best = training.scorer();
    double bestHitRate = -1;
    for (int pass = 1, lastBetter = 0; pass <= passesMax && pass - lastBetter <= PATIENCE; pass++) {
      training.pass();
      ModelScorer candidate = training.scorer();
      double hitRate = validation.evaluate(candidate).hitRate().mean();
      if (hitRate > bestHitRate) {
        bestHitRate = hitRate;
        best = candidate;
        lastBetter = pass;
      }
      progress.accept(pass);
    }
    return best;
  }

  private void pass() {
    TrainingSettings settings = TrainingSettings.of(plan.client());
    for (int user : order()) {
      try {
        TrainingResult result =
            training.train(
                user,
                new TrainingTask(
                    plan.model(),
                    ModelParameters.copyOf(parameters),
                    InteractionExamples.of(split.training(user)),
                    settings,
                    random.nextLong(),
                    users[user]));
        add(result);
        users[user] = result.userVector();
      } catch (TrainingDivergedException e) {
        throw new IllegalStateException("central training diverged at user " + user, e);
      }
    }
  }

  private void add(TrainingResult result) {
    float[] delta = result.delta().toArray();
    for (int i = 0; i < delta.length; i++) {
      parameters[i] += delta[i];
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
