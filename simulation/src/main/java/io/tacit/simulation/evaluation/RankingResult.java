package io.tacit.simulation.evaluation;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** How well one scorer did at one task: a rank per user, and what follows from it. Immutable. */
public final class RankingResult {

  /** Length of the list that a user would see. */
  public static final int CUTOFF = 10;

  private final RankingTask task;
  private final int[] ranks;

  /** Takes ownership of the ranks, from 0, one per user of the task's split. */
  RankingResult(RankingTask task, int[] ranks) {
    this.task = task;
    this.ranks = ranks;
  }

  /**
   * A result that was kept.
   *
   * @param ranks as {@link #ranks()} gave them for an equal task
   * @throws IllegalArgumentException if there is not one rank for each user
   */
  public static RankingResult restored(RankingTask task, int[] ranks) {
    if (ranks.length != task.split().userCount()) {
      throw new IllegalArgumentException(
          "there are "
              + ranks.length
              + " ranks for "
              + task.split().userCount()
              + " users, must be one each; evaluate again");
    }
    return new RankingResult(task, ranks.clone());
  }

  /** The rank of each user, a copy. */
  public int[] ranks() {
    return ranks.clone();
  }

  /** What was ranked. */
  public RankingTask task() {
    return task;
  }

  /** How many candidates did at least as well as the user's held-out item; 0 is best. */
  public int rank(int user) {
    return ranks[user];
  }

  /** HR@10, the share of users whose item is among the best ten, with its error over users. */
  public Estimate hitRate() {
    return Estimate.of(perUser(RankingResult::hit));
  }

  /** NDCG@10, which also rewards a place near the top of the ten, with its error over users. */
  public Estimate ndcg() {
    return Estimate.of(perUser(RankingResult::gain));
  }

  /**
   * This HR@10 less that of another scorer at the same task, with the standard error of the
   * per-user differences: smaller than that of two separate samples, as easy users are easy for
   * both.
   *
   * @throws IllegalArgumentException if the other result is of another task
   */
  public Estimate hitRateOver(RankingResult other) {
    return differences(other, RankingResult::hit);
  }

  /**
   * This NDCG@10 less that of another scorer at the same task, with the paired standard error.
   *
   * @throws IllegalArgumentException if the other result is of another task
   */
  public Estimate ndcgOver(RankingResult other) {
    return differences(other, RankingResult::gain);
  }

  /** 1 within the list, else 0. */
  static double hit(int rank) {
    return rank < CUTOFF ? 1 : 0;
  }

  /** With one relevant item the ideal gain is 1, so this is the normalised gain. */
  static double gain(int rank) {
    return rank < CUTOFF ? Math.log(2) / Math.log(rank + 2) : 0;
  }

  private double[] perUser(IntToDoubleFunction metric) {
    return Arrays.stream(ranks).mapToDouble(metric).toArray();
  }

  private Estimate differences(RankingResult other, IntToDoubleFunction metric) {
    if (!task.equals(other.task)) {
      throw new IllegalArgumentException(
          "results can be compared only if split, held-out item and candidates are the same;"
              + " evaluate both with one task");
    }
    double[] differences = perUser(metric);
    double[] others = other.perUser(metric);
    Arrays.setAll(differences, user -> differences[user] - others[user]);
    return Estimate.of(differences);
  }
}
