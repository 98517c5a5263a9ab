package io.tacit.coordinator.plans;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKey;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.SignatureState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The public task keys whose signatures this coordinator takes. Its refusal spares owners a plan or
 * a release that no device would follow; what protects devices is that they look themselves.
 * Immutable.
 */
public final class TaskKeys {

  private static final TaskKeys NONE = new TaskKeys(List.of());

  private final List<TaskKey> keys;

  private TaskKeys(List<TaskKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** No keys: signatures are not looked at, and plans for development need none. */
  public static TaskKeys none() {
    return NONE;
  }

  /** These keys, at least one. */
  public static TaskKeys of(List<TaskKey> keys) {
    return new TaskKeys(keys);
  }

  /**
   * The keys in a PEM file.
   *
   * @throws IllegalArgumentException if it can not be read or holds none
   */
  public static TaskKeys read(Path file) {
    try {
      return of(TaskKey.fromPem(Files.readString(file)));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tacit.task-keys is "
              + file
              + ", must be a readable PEM file of public task keys ("
              + e.getMessage()
              + "); write it with tacit key show",
          e);
    }
  }

  /** Why a plan is not taken; empty if it is. */
  public Optional<String> objectionTo(PlanArtifact plan) {
    String what = "plan " + plan.plan().id() + " version " + plan.plan().version();
    if (keys.isEmpty()) {
      return plan.signer().isPresent() || plan.plan().aggregation().development()
          ? Optional.empty()
          : Optional.of(
              what + " is not signed and not for development; sign it: tacit plan apply --key");
    }
    return objection(what, plan.check(keys), plan.signer());
  }

  /**
   * Why a release is not taken; empty if it is. One that nobody signed never is: nothing but the
   * signature makes it a release.
   */
  public Optional<String> objectionTo(Release release) {
    String what = "release " + release.number() + " of plan " + release.plan();
    if (keys.isEmpty()) {
      return release.signer().isPresent()
          ? Optional.empty()
          : Optional.of(what + " is not signed; release with tacit model release --key");
    }
    return objection(what, release.check(keys), release.signer());
  }

  private Optional<String> objection(
      String what, SignatureState state, Optional<ContentHash> signerId) {
    String signer = signerId.map(ContentHash::toHex).orElse("unknown");
    String trusted =
        keys.stream().map(key -> key.id().toString()).collect(Collectors.joining(" or "));
    return switch (state) {
      case VALID -> Optional.empty();
      case UNSIGNED ->
          Optional.of(
              what
                  + " is not signed, must be signed with task key "
                  + trusted
                  + " (setting tacit.task-keys); sign it with --key");
      case FOREIGN_KEY ->
          Optional.of(
              what
                  + " is signed with task key "
                  + signer
                  + ", must be signed with "
                  + trusted
                  + " (setting tacit.task-keys); sign it with that key, or add this one there");
      case ALTERED ->
          Optional.of(
              what + " was altered after it was signed with task key " + signer + "; sign it anew");
    };
  }
}
