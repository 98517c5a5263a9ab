package io.tacit.simulation.baselines;

import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.evaluation.NegativeSampler;
import io.tacit.simulation.evaluation.NegativeSampling;
import io.tacit.simulation.evaluation.Scorer;
import io.tacit.simulation.evaluation.UserRandom;
import java.util.SplittableRandom;

/**
 * A bias per item, trained by each user alone on own items. A control: it cannot know anything
 * about items that its user has not trained on, so under honest sampling it must stay at chance;
 * with {@link NegativeSampling#PAPERS_SAMPLER} it looks perfect.
 *
 * <p>A user's biases are trained anew whenever they are asked for, which costs less than to keep
 * one table per user.
 */
public final class NoCollaboration implements Scorer {

  private static final int EPOCHS = 100;
  private static final int NEGATIVES_PER_POSITIVE = 4;
  private static final float LEARNING_RATE = 0.1f;
  private static final float INITIAL_SPREAD = 0.01f;

  private final HonestSplit split;
  private final NegativeSampling sampling;
  private final long seed;

  /** The control for a split. */
  public NoCollaboration(HonestSplit split, NegativeSampling sampling, long seed) {
    this.split = split;
    this.sampling = sampling;
    this.seed = seed;
  }

  @Override
  public void score(int user, int[] candidates, float[] scores) {
    float[] bias = train(user);
    for (int i = 0; i < candidates.length; i++) {
      scores[i] = bias[candidates[i]];
    }
  }

  /** Stochastic gradient descent on the binary cross-entropy of sigmoid(bias). */
  private float[] train(int user) {
    SplittableRandom random = UserRandom.of(seed, "no-collaboration", user);
    float[] bias = new float[split.itemCount()];
    for (int item = 0; item < bias.length; item++) {
      bias[item] = INITIAL_SPREAD * (float) random.nextGaussian();
    }
    NegativeSampler negatives = sampling.forUser(split, user);
    int[] training = split.training(user);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int positive : training) {
        bias[positive] += LEARNING_RATE * (1 - sigmoid(bias[positive]));
        for (int n = 0; n < NEGATIVES_PER_POSITIVE; n++) {
          int negative = negatives.draw(random);
          bias[negative] -= LEARNING_RATE * sigmoid(bias[negative]);
        }
      }
    }
    return bias;
  }

  private static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }
}
