package io.tacit.coordinator.service.access;

/**
 * Whether devices need a call token.
 *
 * @param enrolledOnly false on a developer's own machine alone: an id is trusted on first use
 * @param tokens checks those that devices show
 */
public record Admission(boolean enrolledOnly, CallTokens tokens) {}
