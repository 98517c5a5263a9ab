package io.tacit.coordinator.release;

/** What became of the wish to propose a version. */
public sealed interface ProposalOutcome {

  /**
   * It is proposed: its owner may release it. It is in no force.
   *
   * @param candidate with the figures that speak for it
   */
  record Proposed(Candidate candidate) implements ProposalOutcome {}

  /**
   * It is not proposed; nothing changed.
   *
   * @param candidate with the objection
   */
  record Refused(Candidate candidate) implements ProposalOutcome {}

  /** The plan's model has no such version; nothing changed. */
  record UnknownVersion() implements ProposalOutcome {}
}
