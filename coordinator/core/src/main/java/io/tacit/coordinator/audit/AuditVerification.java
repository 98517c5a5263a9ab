package io.tacit.coordinator.audit;

import io.tacit.protocol.ContentHash;

/** What a check of the whole log found. */
public sealed interface AuditVerification {

  /**
   * Every line follows the one before it, and the head that was kept, if one was given, is among
   * them.
   *
   * @param entries number of lines
   * @param head hash of the last one; 32 zero bytes if there is none
   */
  record Intact(long entries, ContentHash head) implements AuditVerification {}

  /**
   * A line was removed, altered, inserted or moved.
   *
   * @param number where the chain breaks: the first line that is not what it was, or is missing
   * @param reason in words
   */
  record Broken(long number, String reason) implements AuditVerification {}

  /**
   * The lines follow each other, but none has the hash that was kept: lines at the end were
   * removed, or all were written anew.
   *
   * @param entries number of lines
   * @param head hash of the last one
   */
  record HeadMissing(long entries, ContentHash head) implements AuditVerification {}
}
