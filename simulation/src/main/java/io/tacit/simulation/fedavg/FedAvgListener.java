package io.tacit.simulation.fedavg;

/** Told how an experiment goes, by the thread that runs it. */
public interface FedAvgListener {

  /**
   * A round is done.
   *
   * @param what is being done, for people
   * @param done rounds
   * @param total rounds of all that was not done before
   */
  void progress(String what, long done, long total);

  /**
   * A run is finished and kept.
   *
   * @param restored whether an earlier process had finished it
   */
  void finished(FedAvgRun run, boolean restored);
}
