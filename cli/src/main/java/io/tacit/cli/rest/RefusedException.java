package io.tacit.cli.rest;

/** The coordinator understood the request and refused it. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  RefusedException(Problem problem) {
    super(problem.describe());
    this.problem = problem;
  }

  /** What it said. */
  public Problem problem() {
    return problem;
  }
}
