package io.tacit.simulation.models;

import io.tacit.client.model.ItemFeatures;
import io.tacit.client.model.ItemScorer;
import io.tacit.client.model.UserVector;
import io.tacit.client.training.TrainingDivergedException;
import io.tacit.client.training.TrainingSettings;
import io.tacit.client.training.TrainingTask;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.Scorer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A trained model as its devices would score with it: the user vector comes from the device's own
 * training items, and a private one is first refitted to the items as they are now, because it went
 * stale while others took part.
 */
public final class ModelScorer implements Scorer {

  private static final int REFIT_EPOCHS = 10;

  private final ItemScorer scorer;
  private final UserVector[] users;

  private ModelScorer(ItemScorer scorer, UserVector[] users) {
    this.scorer = scorer;
    this.users = users;
  }

  /** The private vectors that devices keep, by user of the split; null if there is none yet. */
  @FunctionalInterface
  public interface PrivateVectors {

    /** No device has any. */
    PrivateVectors NONE = user -> null;

    /** The vector of a user. */
    @Nullable UserVector of(int user);
  }

  /** A scorer of this model for the users of a split. */
  public static ModelScorer of(
      TrainingPlan plan,
      ModelParameters parameters,
      HonestSplit split,
      PrivateVectors privateVectors) {
    DeviceTraining honest = DeviceTraining.of(split, NegativeSampling.HONEST);
    return of(plan, parameters, split, honest, privateVectors);
  }

  /** A scorer whose private vectors are refitted by that training. */
  public static ModelScorer of(
      TrainingPlan plan,
      ModelParameters parameters,
      HonestSplit split,
      DeviceTraining training,
      PrivateVectors privateVectors) {
    SplitExamples examples = SplitExamples.of(plan, split);
    ItemScorer scorer = ItemScorer.of(plan.model(), parameters, examples.items());
    UserVector[] users = new UserVector[split.userCount()];
    IntStream.range(0, users.length)
        .parallel()
        .forEach(
            user ->
                users[user] =
                    scorer.userVector(
                        split.training(user),
                        canRefit(plan, split, user)
                            ? refitted(
                                plan, scorer, examples, training, user, privateVectors.of(user))
                            : null,
                        examples.user(user)));
    return new ModelScorer(scorer, users);
  }

  /** A device without any event has nothing to fit a vector to. */
  private static boolean canRefit(TrainingPlan plan, HonestSplit split, int user) {
    return plan.model() instanceof ModelSpecification.NeuralCf && split.training(user).length > 0;
  }

  private static UserVector refitted(
      TrainingPlan plan,
      ItemScorer scorer,
      SplitExamples examples,
      DeviceTraining device,
      int user,
      @Nullable UserVector kept) {
    TrainingSettings training = TrainingSettings.of(plan.client());
    TrainingSettings refit =
        new TrainingSettings(
            training.optimiser(),
            training.learningRate(),
            REFIT_EPOCHS,
            training.batchSize(),
            training.negativesPerPositive(),
            training.sumLoss(),
            0);
    try {
      return device.refit(
          user,
          new TrainingTask(
              scorer.specification(),
              scorer.parameters(),
              examples.examples(user).withFeatures(ItemFeatures.NONE, examples.user(user)),
              refit,
              user,
              kept));
    } catch (TrainingDivergedException e) {
      throw new IllegalStateException("the vector of user " + user + " diverged", e);
    }
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    scorer.score(users[user], candidates, scores);
  }
}
