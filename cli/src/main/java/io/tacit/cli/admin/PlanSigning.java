package io.tacit.cli.admin;

import io.tacit.coordinator.plans.PlanFileException;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.PlanArtifact;
import java.io.IOException;
import java.time.Clock;

/**
 * Reads a plan on the owner's machine and signs what was read. A coordinator that did the reading
 * could have another plan signed, so nothing is asked of it here.
 */
final class PlanSigning {

  private final TaskKeyPair key;
  private final Clock clock;

  PlanSigning(TaskKeyPair key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * Signs a plan file.
   *
   * @throws IOException with a sentence for people, if the plan is not valid or has no end
   */
  PlanArtifact sign(PlanFile file) throws IOException {
    try {
      return PlanArtifact.sign(LocalPlan.parse(file), key, clock.instant());
    } catch (PlanFileException | InvalidPlanException e) {
      throw new IOException("The plan can not be signed: " + e.getMessage() + ".", e);
    }
  }
}
