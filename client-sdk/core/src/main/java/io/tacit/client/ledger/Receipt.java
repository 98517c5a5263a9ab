package io.tacit.client.ledger;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Internal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the round that an update went into: how many devices it was added up with, and
 * whether the coordinator's record of the round says what this device saw. Immutable.
 */
public final class Receipt {

  /** What this device found in the record of the round. */
  public enum Record {
    /** There is none, as updates travelled in the clear, or the round has no result yet. */
    NONE,
    /** It says what this device saw. */
    VERIFIED,
    /** It says something else than this device saw: distrust the coordinator. */
    CONTRADICTED,
    /** The coordinator did not hand it out. */
    UNAVAILABLE
  }

  static final Receipt NONE = new Receipt(0, Record.NONE, null);

  private final int contributors;
  private final Record record;
  private final @Nullable ContentHash hash;

  private Receipt(int contributors, Record record, @Nullable ContentHash hash) {
    this.contributors = contributors;
    this.record = record;
    this.hash = hash;
  }

  /**
   * A receipt.
   *
   * @param contributors devices whose updates were added up
   * @param hash of the record, null without one
   */
  @Internal
  public static Receipt of(int contributors, Record record, @Nullable ContentHash hash) {
    return new Receipt(contributors, record, hash);
  }

  /** Devices whose updates were added up, this one included; 0 if that is not known. */
  public int contributors() {
    return contributors;
  }

  /** What this device found in the record of the round. */
  public Record record() {
    return record;
  }

  /** The SHA-256 of the record in hex, with which anybody can ask for it and check it. */
  public Optional<String> recordHash() {
    return Optional.ofNullable(hash).map(ContentHash::toHex);
  }

  /** A sentence for people, empty if there is nothing to say. */
  String text() {
    return switch (record) {
      case NONE -> "";
      case VERIFIED -> " The record of the round says what this device saw.";
      case CONTRADICTED ->
          " The record of the round contradicts what this device saw: distrust the coordinator.";
      case UNAVAILABLE -> " The coordinator did not hand out the record of the round.";
    };
  }

  /** Three fields of a ledger's line. */
  String toFields() {
    return contributors + "\t" + record + "\t" + (hash == null ? "-" : hash.toHex());
  }

  /**
   * @throws IllegalArgumentException if the fields are none of {@link #toFields}
   */
  static Receipt fromFields(String contributors, String record, String hash) {
    return new Receipt(
        Integer.parseInt(contributors),
        Record.valueOf(record),
        hash.equals("-") ? null : ContentHash.fromHex(hash));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Receipt that && toFields().equals(that.toFields());
  }

  @Override
  public int hashCode() {
    return Objects.hash(contributors, record, hash);
  }

  @Override
  public String toString() {
    return "Receipt[" + contributors + " contributors, record " + record + "]";
  }
}
