package io.tacit.simulation.quality;

/** Told how an evaluation goes, by the thread that runs it. */
public interface EvaluationListener {

  /**
   * Some work is done.
   *
   * @param what is being done, for people
   * @param done units of work
   * @param total units of work of what was not done before this run; a unit takes about the same
   *     time everywhere
   */
  void progress(String what, long done, long total);

  /**
   * A cell is finished and kept.
   *
   * @param result of the cell
   * @param restored whether an earlier run had finished it
   */
  void finished(CellResult result, boolean restored);

  /**
   * The cold start of a seed is finished and kept.
   *
   * @param result of the seed
   * @param restored whether an earlier run had finished it
   */
  void finished(ColdStartResult result, boolean restored);
}
