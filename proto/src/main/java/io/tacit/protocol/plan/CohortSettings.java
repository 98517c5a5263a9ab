package io.tacit.protocol.plan;

import io.tacit.protocol.WireLimits;

/**
 * How many devices a round takes.
 *
 * @param size the roster freezes when so many have joined, 1 to 20 000
 * @param minimum with fewer updates the round is abandoned, 1 to size
 * @param overSelection times size devices are assigned, 1 to 10, because some will not come back
 */
public record CohortSettings(int size, int minimum, double overSelection) {

  public CohortSettings {
    Fields.within("cohort.size", size, 1, WireLimits.ROSTER_MAX, "64 or 128 are usual");
    Fields.within(
        "cohort.minimum",
        minimum,
        1,
        size,
        "it may not be above cohort.size; lower it or raise that");
    Fields.within("cohort.over-selection", overSelection, 1, 10, "1.3 is usual");
  }

  /** How many devices a round assigns at the most. */
  public int assignmentsMax() {
    return (int) Math.ceil(size * overSelection);
  }
}
