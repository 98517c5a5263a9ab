package io.tacit.client.training;

import io.tacit.client.model.ItemFeatures;
import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.SparseVector;
import io.tacit.client.model.UserVector;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * Fits a private user vector to a model that stays as it is, by the plan's own rule of a step and
 * in bounded time. The same items give the same vector.
 */
public final class UserVectorFit {

  private static final int EPOCHS = 10;
  private static final int NEGATIVES_MAX = 4;

  /** The vector never leaves the device, so what decides its negatives may be known. */
  private static final long SEED = 1;

  private UserVectorFit() {}

  /**
   * Fits.
   *
   * @param plan of a neural-cf model
   * @param scorer of the model
   * @param items rows of the user's own items
   * @param features of the user
   * @param start to go on from
   * @return the start where there are no items, or the plan's learning rate is too high for them:
   *     what was known is still good
   */
  public static UserVector of(
      TrainingPlan plan, ItemScorer scorer, int[] items, SparseVector features, UserVector start) {
    if (items.length == 0) {
      return start;
    }
    TrainingSettings training = TrainingSettings.of(plan.client());
    TrainingSettings settings =
        new TrainingSettings(
            training.optimiser(),
            training.learningRate(),
            EPOCHS,
            training.batchSize(),
            Math.min(training.negativesPerPositive(), NEGATIVES_MAX),
            training.sumLoss(),
            0);
    try {
      return new PortableEngine()
          .refit(
              new TrainingTask(
                  scorer.specification(),
                  scorer.parameters(),
                  InteractionExamples.of(items).withFeatures(ItemFeatures.NONE, features),
                  settings,
                  SEED,
                  start));
    } catch (TrainingDivergedException e) {
      return start;
    }
  }
}
