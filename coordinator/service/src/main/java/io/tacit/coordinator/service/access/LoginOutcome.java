package io.tacit.coordinator.service.access;

/** What became of a login. */
public sealed interface LoginOutcome permits CallTokens.Granted, LoginRefusal, LoginOutcome.Busy {

  /** Too many devices log in at once; nothing was decided. */
  record Busy() implements LoginOutcome {}
}
