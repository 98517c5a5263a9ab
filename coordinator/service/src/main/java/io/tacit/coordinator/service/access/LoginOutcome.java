package io.tacit.coordinator.service.access;

/** What became of a login. */
public sealed interface LoginOutcome
    permits CallTokens.Granted, LoginRefusal, LoginOutcome.Busy, LoginOutcome.Unavailable {

  /** Too many devices log in at once; nothing was decided. */
  record Busy() implements LoginOutcome {}

  /** Nobody can tell at the moment which certificates were revoked; nothing was decided. */
  record Unavailable() implements LoginOutcome {}
}
