package io.tacit.client.secagg;

import io.tacit.protocol.ContentHash;

/** What a device found in the record of a round that it took part in. */
public sealed interface RecordVerdict {

  /** There is none to look at: the round's updates travelled in the clear. */
  record NotPublished() implements RecordVerdict {}

  /**
   * It says of plan, models and this device's session what the device saw itself, and enough
   * survivors signed it.
   *
   * @param record its hash
   */
  record Verified(ContentHash record) implements RecordVerdict {}

  /**
   * The coordinator did not hand out what it announced, or nothing.
   *
   * @param detail for people
   */
  record Unavailable(String detail) implements RecordVerdict {}

  /**
   * It is not what this device saw: the coordinator told different devices different things, or
   * alters its records.
   *
   * @param record its hash
   * @param finding for people
   */
  record Contradicted(ContentHash record, String finding) implements RecordVerdict {}
}
