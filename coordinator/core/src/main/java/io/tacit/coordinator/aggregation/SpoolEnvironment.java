package io.tacit.coordinator.aggregation;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What all sessions of a spool share.
 *
 * @param writers runs commits and chunks; bounded in threads
 */
record SpoolEnvironment(
    SpoolSettings settings,
    SpoolCounters counters,
    FileLayer files,
    Clock clock,
    SecureRandom random,
    Executor writers) {}
