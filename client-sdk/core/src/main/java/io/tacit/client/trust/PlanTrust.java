package io.tacit.client.trust;

import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.trust.PlanObjection.Reason;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.Optional;

/**
 * Holds plans against the task keys that the app pins, and against what the device remembers.
 *
 * <p>Guarantee: where an app pins keys, nothing is followed that their holder did not sign, whole;
 * without keys, only what plan and app both call development. A plan that was found to have ended
 * stays so when the clock is set back, and no version is followed after a higher one. Thread-safe.
 */
public final class PlanTrust {

  private final ClientPolicy policy;
  private final RoundLatch latch;

  /**
   * @param policy of the app, with its keys
   * @param latch what the device remembers
   */
  public PlanTrust(ClientPolicy policy, RoundLatch latch) {
    this.policy = policy;
    this.latch = latch;
  }

  /**
   * What speaks against following a plan. If nothing does, its version is remembered.
   *
   * @throws IOException if the device's storage fails
   */
  public Optional<PlanObjection> objectionTo(PlanArtifact artifact) throws IOException {
    Optional<PlanObjection> unsigned = objectionToSignature(artifact);
    if (unsigned.isPresent()) {
      return unsigned;
    }
    TrainingPlan plan = artifact.plan();
    if (latch.hasEnded(plan.id(), plan.version(), plan.notAfter())) {
      return objection(
          Reason.EXPIRED,
          plan,
          "ended on "
              + plan.notAfter()
              + "; its owner must sign a higher version with a later end");
    }
    if (!latch.see(plan.id(), plan.version())) {
      return objection(
          Reason.OLDER_THAN_SEEN,
          plan,
          "is older than version "
              + latch.planVersionSeen(plan.id())
              + ", which this device has seen; apply the plan with a higher version");
    }
    return Optional.empty();
  }

  /**
   * What speaks against the plan of a model that the app brings. It came with the app, as the keys
   * did: an app that pins none has nothing to hold it against, and needs nothing. Its end does not
   * matter either, since nobody is asked to train. If nothing speaks against it, its version is
   * remembered, where keys are pinned.
   *
   * @param plan the plan's bytes; only read where keys are pinned, as the app waits for this
   * @throws IllegalArgumentException if they are read and are no plan
   * @throws IOException if the device's storage fails
   */
  public Optional<PlanObjection> objectionToBundled(byte[] plan) throws IOException {
    if (policy.taskKeys().isEmpty()) {
      return Optional.empty();
    }
    PlanArtifact artifact = PlanArtifact.fromBytes(plan);
    Optional<PlanObjection> unsigned = objectionToSignature(artifact);
    if (!unsigned.isPresent()) {
      latch.see(artifact.plan().id(), artifact.plan().version());
    }
    return unsigned;
  }

  private Optional<PlanObjection> objectionToSignature(PlanArtifact artifact) {
    TrainingPlan plan = artifact.plan();
    if (policy.taskKeys().isEmpty()) {
      return policy.isDevelopment() && plan.aggregation().development()
          ? Optional.empty()
          : objection(
              artifact.signer().isPresent() ? Reason.FOREIGN_KEY : Reason.UNSIGNED,
              plan,
              "can not be verified, as this app pins no task key;"
                  + " add the owner's with ClientPolicy.withTaskKeys");
    }
    return switch (artifact.check(policy.taskKeys())) {
      case VALID -> Optional.empty();
      case UNSIGNED ->
          objection(
              Reason.UNSIGNED,
              plan,
              "is not signed, and this app pins a task key; apply it with tacit plan apply --key");
      case FOREIGN_KEY ->
          objection(
              Reason.FOREIGN_KEY,
              plan,
              "is signed with task key "
                  + artifact.signer().map(ContentHash::toHex).orElse("unknown")
                  + ", which this app does not pin; sign it with the app's key, or pin this one");
      case ALTERED ->
          objection(
              Reason.ALTERED,
              plan,
              "was altered after it was signed; distrust the coordinator and apply the plan anew");
    };
  }

  private static Optional<PlanObjection> objection(Reason reason, TrainingPlan plan, String what) {
    return Optional.of(
        new PlanObjection(reason, "plan " + plan.id() + " version " + plan.version() + " " + what));
  }
}
