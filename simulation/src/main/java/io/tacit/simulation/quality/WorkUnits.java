package io.tacit.simulation.quality;

import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.TrainingRecipe;

/**
 * Roughly how much work a cell is, so that a progress bar can say how long it will take. A unit is
 * one pass of one user over the own items.
 */
record WorkUnits(HonestSplit split, TrainingRecipe recipe, int judgeEvery, int centralPasses) {

  /** Passes that a judgement costs each device with a private vector. */
  private static final int REFIT_PASSES = 10;

  /** What a device costs in a round beside its passes: files, encoding, the coordinator's part. */
  private static final int OVERHEAD_PASSES = 2;

  /** Passes that training alone takes. */
  private static final int ALONE_PASSES = 150;

  /** Multiplications of a matrix inversion that take as long as a unit. */
  private static final double CUBED_ITEMS_PER_UNIT = 1e7;

  private static final int EASE_FITS = 5;

  long of(Contender contender) {
    long users = split.userCount();
    int passes = recipe.client().epochs();
    return switch (contender) {
      case FEDERATED ->
          (long) recipe.rounds() * recipe.cohortOf(split.userCount()) * (passes + OVERHEAD_PASSES)
              + users * judgePasses() * (recipe.rounds() / judgeEvery + 1);
      case CENTRAL -> users * centralPasses * (passes + judgePasses()) * 2;
      case EASE ->
          (long) (EASE_FITS * Math.pow(split.itemCount(), 3) / CUBED_ITEMS_PER_UNIT) + users;
      case LOCAL_ONLY -> users * ALONE_PASSES;
      case NO_COLLABORATION -> 3 * users * ALONE_PASSES;
      case POPULARITY, LAST_POSITION -> users;
    };
  }

  private int judgePasses() {
    return switch (recipe.kind()) {
      case MATRIX_FACTORISATION, NEURAL_CF -> REFIT_PASSES;
      case TWO_TOWER -> 1;
    };
  }
}
