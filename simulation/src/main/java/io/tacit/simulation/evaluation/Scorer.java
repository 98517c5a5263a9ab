package io.tacit.simulation.evaluation;

/** Any model, seen as numbers that are larger for items a user is more likely to choose. */
@FunctionalInterface
public interface Scorer {

  /**
   * Scores candidates for one user. Called from several threads at once, for different users. The
   * result must depend only on user and item, not on the order of the candidates.
   *
   * @param user index into the split, from 0
   * @param candidates item indices; not to be changed
   * @param scores as long as {@code candidates}; to be filled, no NaN
   */
  void score(int user, int[] candidates, float[] scores);
}
