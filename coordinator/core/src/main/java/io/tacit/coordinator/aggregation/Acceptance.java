package io.tacit.coordinator.aggregation;

/** What became of a record that a client handed in. */
public sealed interface Acceptance
    permits Acceptance.Accepted, Acceptance.AlreadyAccepted, Refused {

  /** It is durable now. */
  record Accepted() implements Acceptance {}

  /** The same bytes were durable before; nothing changed. */
  record AlreadyAccepted() implements Acceptance {}
}
