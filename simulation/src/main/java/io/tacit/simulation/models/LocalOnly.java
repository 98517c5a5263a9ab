package io.tacit.simulation.models;

import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.UserVector;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.Scorer;
import org.jspecify.annotations.Nullable;

/**
 * The control that gives up learning from others: each device trains the same model from the same
 * start on its own data alone, for as many passes as it has rounds in the federation, and ranks
 * with it. A user's model is trained anew whenever it is asked for, which costs less than to keep
 * one per user.
 */
public final class LocalOnly implements Scorer {

  /** A device's share of rounds may be thousands; alone it has converged long before. */
  private static final int EPOCHS_MAX = 50;

  /** Times the plan's client learning rate. */
  private static final double[] RATE_FACTORS = {1, 0.25, 0.0625, 0.015625};

  private final TrainingPlan plan;
  private final HonestSplit split;
  private final DeviceTraining training;
  private final long seed;
  private final ModelParameters start;
  private final SplitExamples examples;

  /** The control for a plan and a split. */
  public LocalOnly(TrainingPlan plan, HonestSplit split, NegativeSampling sampling, long seed) {
    this.plan = plan;
    this.split = split;
    this.training = DeviceTraining.of(split, sampling);
    this.seed = seed;
    this.start = ModelParameters.initial(plan.model());
    this.examples = SplitExamples.of(plan, split);
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    TrainingResult result = train(user);
    float[] parameters = result.delta().toArray();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += start.get(i);
    }
    ItemScorer scorer =
        ItemScorer.of(plan.model(), ModelParameters.owning(parameters), examples.items());
    @Nullable UserVector own = result.userVector();
    scorer.score(
        scorer.userVector(split.training(user), own, examples.user(user)), candidates, scores);
  }

  /** With the plan's learning rate; with a smaller one where that diverges without others. */
  private TrainingResult train(int user) {
    for (double factor : RATE_FACTORS) {
      try {
        return training.train(
            user,
            new TrainingTask(
                plan.model(), start, examples.examples(user), alone(factor), seed + user));
      } catch (TrainingDivergedException e) {
        // A smaller rate follows.
      }
    }
    throw new IllegalStateException(
        "training of user " + user + " alone diverged with every rate; lower --client-rate");
  }

  private TrainingSettings alone(double factor) {
    TrainingSettings once = TrainingSettings.of(plan.client());
    return new TrainingSettings(
        once.optimiser(),
        once.learningRate() * factor,
        Math.min(EPOCHS_MAX, plan.rounds()),
        once.batchSize(),
        once.negativesPerPositive(),
        once.sumLoss(),
        0);
  }
}
