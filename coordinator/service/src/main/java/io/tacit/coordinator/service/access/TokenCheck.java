package io.tacit.coordinator.service.access;

/** Whether a call token holds: what it says, or why not. */
public sealed interface TokenCheck permits CallToken, TokenFault {}
