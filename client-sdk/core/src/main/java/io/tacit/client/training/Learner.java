package io.tacit.client.training;

/** A model while it learns: what the loop over epochs and steps needs to know of it. */
interface Learner {

  /** Draws and orders the examples of an epoch, from 0; returns their number. */
  int beginEpoch(int epoch);

  /**
   * One step over the examples from {@code from} to before {@code to}.
   *
   * @param scale by what the loss of each example is multiplied: 1 for their sum, one over their
   *     number for their mean
   * @return the sum of their losses before the step, not scaled
   */
  double step(int from, int to, float scale);

  /**
   * Runs all epochs.
   *
   * @return the mean loss per example, before each step
   * @throws TrainingDivergedException if a loss is NaN or infinite
   */
  static double run(Learner learner, TrainingSettings settings) throws TrainingDivergedException {
    double total = 0;
    long seen = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int examples = learner.beginEpoch(epoch);
      int batch = stepSize(settings, examples);
      for (int from = 0; from < examples; from += batch) {
        int to = Math.min(from + batch, examples);
        double loss = learner.step(from, to, settings.sumLoss() ? 1 : 1f / (to - from));
        if (Double.isNaN(loss) || Double.isInfinite(loss)) {
          throw new TrainingDivergedException("the loss", epoch + 1);
        }
        total += loss;
      }
      seen += examples;
    }
    return total / seen;
  }

  /** Examples in one step of so many. */
  static int stepSize(TrainingSettings settings, int examples) {
    return settings.batchSize() == 0 ? examples : Math.min(settings.batchSize(), examples);
  }
}
