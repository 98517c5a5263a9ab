package io.tacit.client.training;

/** Moves rows of parameters along their gradients. Not thread-safe. */
interface Optimiser {

  /** A step begins: every row moves at most once until the next. */
  void beginStep();

  /**
   * Moves a row.
   *
   * @param row its number
   * @param gradient of the step's loss, as long as the row
   */
  void move(int row, float[] gradient);

  /** Whether a row with gradient 0 still moves, so that no row may be left out of a step. */
  boolean movesUntouched();

  /**
   * The optimiser of the settings over rows, which it changes in place.
   *
   * @param proximal weight of the pull towards where the rows are now, 0 for none
   */
  static Optimiser of(TrainingSettings settings, float[][] rows, double proximal) {
    float rate = (float) settings.learningRate();
    Optimiser plain =
        switch (settings.optimiser()) {
          case SGD -> new GradientDescent(rows, rate);
          case ADAM -> new Adam(rows, rate, true);
          case SPARSE_ADAM -> new Adam(rows, rate, false);
        };
    return proximal == 0 ? plain : new ProximalTerm(plain, rows, (float) proximal);
  }

  /** Makes an optimiser; {@link Optimiser#of} is the one for training. */
  interface Factory {

    /** As {@link Optimiser#of}. */
    Optimiser create(TrainingSettings settings, float[][] rows, double proximal);
  }
}
