package io.tacit.simulation.quality;

import java.util.function.IntConsumer;

/** Counts work units of a run and passes the count on. For one thread. */
final class Progress {

  private final EvaluationListener listener;
  private final long total;
  private String what = "";
  private long finished;

  Progress(EvaluationListener listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  /** A cell begins. */
  void start(String cell) {
    what = cell;
    listener.progress(what, finished, total);
  }

  /** Turns "so many of these parts are done" into units of a cell of so many. */
  IntConsumer parts(long units, int parts) {
    return done -> listener.progress(what, finished + units * done / parts, total);
  }

  /** A cell of so many units is done. */
  void finish(long units) {
    finished += units;
    listener.progress(what, finished, total);
  }
}
