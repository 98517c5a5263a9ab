package io.tacit.protocol;

/**
 * One round of one plan.
 *
 * @param plan the plan
 * @param number 1, 2, 3, ... per plan, across its versions
 */
public record RoundId(PlanId plan, long number) {

  public RoundId {
    if (number < 1) {
      throw new IllegalArgumentException("round number is " + number + ", must be at least 1");
    }
  }

  @Override
  public String toString() {
    return plan + "#" + number;
  }
}
