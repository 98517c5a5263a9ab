package io.tacit.client;

import io.tacit.client.behaviour.Erasure;
import java.util.List;

/** What {@link TacitClient#forgetMe} deleted, and what is left on the device. Immutable. */
public final class ForgetReport {

  private final Erasure behaviour;
  private final List<String> deleted;
  private final List<String> kept;

  private ForgetReport(Erasure behaviour, List<String> deleted, List<String> kept) {
    this.behaviour = behaviour;
    this.deleted = List.copyOf(deleted);
    this.kept = List.copyOf(kept);
  }

  static ForgetReport of(Erasure behaviour, List<String> deleted, List<String> kept) {
    return new ForgetReport(behaviour, deleted, kept);
  }

  /** Behaviour events that were deleted, after it was made sure that nothing of them is left. */
  public Erasure behaviour() {
    return behaviour;
  }

  /** Names of the other files about the person that were deleted. Unmodifiable. */
  public List<String> deleted() {
    return deleted;
  }

  /**
   * Names of the files that are left, from a look at the directory after deleting: the model and
   * its items, which are the same for everyone, and of each plan, how far its rounds have come and
   * what they cost, so that nobody is counted twice or reveals more than was allowed. Unmodifiable.
   */
  public List<String> kept() {
    return kept;
  }

  @Override
  public String toString() {
    return behaviour + "; deleted " + deleted + "; kept " + kept;
  }
}
