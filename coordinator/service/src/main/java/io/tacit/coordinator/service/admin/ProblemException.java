package io.tacit.coordinator.service.admin;

import io.tacit.protocol.plan.InvalidPlanException;

/** Ends a request with a problem. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  /** 404. */
  static ProblemException notFound(String what, String remedy) {
    return new ProblemException(
        Problem.of(404, "Not found", "there is no " + what + "; " + remedy));
  }

  /** 409. */
  static ProblemException conflict(String detail) {
    return new ProblemException(Problem.of(409, "Conflict with what is there", detail));
  }

  /** 413. */
  static ProblemException tooLarge(String what, long bytesMax) {
    return new ProblemException(
        Problem.of(
            413,
            "Too large",
            what + " has more than " + bytesMax + " bytes, must be at most that; make it smaller"));
  }

  /** 422 for content that is not what it should be. */
  static ProblemException unprocessable(String detail) {
    return new ProblemException(Problem.of(422, "Unprocessable content", detail));
  }

  /** 400 for a query parameter. */
  static ProblemException parameter(String name, Object value, String allowed, String remedy) {
    InvalidPlanException fault = new InvalidPlanException(name, value, allowed, remedy);
    return new ProblemException(
        Problem.of(400, "Bad request", String.valueOf(fault.getMessage())).at(fault));
  }

  Problem problem() {
    return problem;
  }
}
