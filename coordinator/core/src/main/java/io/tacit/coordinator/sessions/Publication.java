package io.tacit.coordinator.sessions;

import io.tacit.protocol.session.Inbox;
import io.tacit.protocol.session.Roster;
import io.tacit.protocol.session.SignatureSet;
import io.tacit.protocol.session.Survivors;

/** What a stage of a secure session led to, for its devices. Immutable. */
public sealed interface Publication {

  /** With stage SHARE_KEYS. */
  record OfRoster(Roster roster) implements Publication {}

  /** With stage INPUT: to one device alone. */
  record OfInbox(Inbox inbox) implements Publication {}

  /** With stage CONSISTENCY. */
  record OfSurvivors(Survivors survivors) implements Publication {}

  /** With stage UNMASK. */
  record OfSignatures(SignatureSet signatures) implements Publication {}
}
