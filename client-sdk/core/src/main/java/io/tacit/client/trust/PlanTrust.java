package io.tacit.client.trust;

import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.trust.PlanObjection.Reason;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.SignatureState;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.util.Optional;

/**
 * Holds plans and released models against the task keys that the app pins, and against what the
 * device remembers.
 *
 * <p>Guarantee: where an app pins keys, nothing is followed that their holder did not sign, whole;
 * without keys, only what plan and app both call development. A plan that was found to have ended
 * stays so when the clock is set back, and no version is followed, and no release taken, after a
 * higher one. No release is taken that is for a share of the devices without this one. Thread-safe.
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
          name(plan),
          "ended on "
              + plan.notAfter()
              + "; its owner must sign a higher version with a later end");
    }
    if (!latch.see(plan.id(), plan.version())) {
      return objection(
          Reason.OLDER_THAN_SEEN,
          name(plan),
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
              name(plan),
              "can not be verified, as this app pins no task key;"
                  + " add the owner's with ClientPolicy.withTaskKeys");
    }
    return objectionToSignature(
        name(plan), artifact.check(policy.taskKeys()), artifact.signer(), "tacit plan apply");
  }

  /**
   * What speaks against recommending with the model that is said to be the current one of a plan:
   * where no key is pinned, nothing but a share that this device is not in, as the coordinator is
   * then taken at its word. If nothing does, the number of its release is remembered, where keys
   * are pinned: nobody but their holder may raise it. The plan itself is another question.
   *
   * @param release of this very model; empty if its owner has released none
   * @param device which this is
   * @throws IOException if the device's storage fails
   */
  public Optional<PlanObjection> objectionToModel(
      PlanId plan, Optional<Release> release, ClientId device) throws IOException {
    if (release.isPresent()) {
      return objectionToRelease(release.get(), device);
    }
    return policy.taskKeys().isEmpty()
        ? Optional.empty()
        : objection(
            Reason.UNSIGNED,
            "the model of plan " + plan,
            "is not released by its owner, and this app pins a task key;"
                + " release it with tacit model release --key");
  }

  private Optional<PlanObjection> objectionToRelease(Release release, ClientId device)
      throws IOException {
    String what = "release " + release.number() + " of plan " + release.plan();
    boolean isPinned = !policy.taskKeys().isEmpty();
    Optional<PlanObjection> unsigned =
        isPinned
            ? objectionToSignature(
                what, release.check(policy.taskKeys()), release.signer(), "tacit model release")
            : Optional.empty();
    if (unsigned.isPresent()) {
      return unsigned;
    }
    // Before its number is remembered: the release that is for this device has a lower one.
    if (!release.isFor(device)) {
      return objection(
          Reason.FOR_OTHERS,
          what,
          "is for "
              + release.share()
              + " of the devices, and this one is not among them; offer it what is released for"
              + " all");
    }
    if (!isPinned || latch.seeRelease(release.plan(), release.number())) {
      return Optional.empty();
    }
    return objection(
        Reason.OLDER_THAN_SEEN,
        what,
        "is older than release "
            + latch.releaseSeen(release.plan())
            + ", which this device has seen; release the model anew, with a higher number");
  }

  private static Optional<PlanObjection> objectionToSignature(
      String what, SignatureState state, Optional<ContentHash> signer, String command) {
    return switch (state) {
      case VALID -> Optional.empty();
      case UNSIGNED ->
          objection(
              Reason.UNSIGNED,
              what,
              "is not signed, and this app pins a task key; sign it with " + command + " --key");
      case FOREIGN_KEY ->
          objection(
              Reason.FOREIGN_KEY,
              what,
              "is signed with task key "
                  + signer.map(ContentHash::toHex).orElse("unknown")
                  + ", which this app does not pin; sign it with the app's key, or pin this one");
      case ALTERED ->
          objection(
              Reason.ALTERED,
              what,
              "was altered after it was signed; distrust the coordinator and sign it anew");
    };
  }

  private static String name(TrainingPlan plan) {
    return "plan " + plan.id() + " version " + plan.version();
  }

  private static Optional<PlanObjection> objection(Reason reason, String what, String finding) {
    return Optional.of(new PlanObjection(reason, what + " " + finding));
  }
}
