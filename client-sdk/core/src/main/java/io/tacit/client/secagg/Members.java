package io.tacit.client.secagg;

import io.tacit.protocol.crypto.IdentityKey;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.session.Advertised;
import io.tacit.protocol.session.Roster;

/** A roster that {@link RosterCheck} found nothing wrong with, and this device on it. Immutable. */
final class Members {

  private final Roster.Members opened;
  private final byte[] ctx1;
  private final int own;
  private final SurvivorFloor survivors;

  /**
   * @param own index of this device, from 1
   * @param survivors how many of the roster must be in its sum
   */
  Members(Roster.Members opened, int own, SurvivorFloor survivors) {
    this.opened = opened;
    this.ctx1 = opened.ctx1();
    this.own = own;
    this.survivors = survivors;
  }

  /** ctx1 itself, not to be changed. */
  byte[] ctx1() {
    return ctx1;
  }

  /** The device's own index, from 1. */
  int own() {
    return own;
  }

  /** n. */
  int size() {
    return opened.advertised().size();
  }

  /** t. */
  int threshold() {
    return SessionTranscript.threshold(size());
  }

  /** How many must be in the sum, t to n: the plan's word, whatever the coordinator says. */
  int survivorsMinimum() {
    return survivors.of(size());
  }

  /** What the member of an index, 1 to n, has advertised. */
  Advertised get(int index) {
    return opened.member(index);
  }

  /** With which the member of an index signs. */
  IdentityKey identity(int index) {
    return opened.member(index).identityKey();
  }
}
