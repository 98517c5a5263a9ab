package io.tacit.client;

import io.tacit.client.behaviour.Retention;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.schedule.Conditions;
import io.tacit.client.training.TrainingEngine;
import io.tacit.client.training.TrainingEngines;
import io.tacit.protocol.PlanId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TacitClient.Builder} was told.
 *
 * @param directory for the client alone
 * @param storage how its files are kept
 * @param population that the app belongs to
 * @param coordinator null for a client that never contacts one
 * @param enrolment how it gets its certificate, null for a client that shows none
 * @param plan to recommend with, null for the first that the coordinator offers
 * @param bundle to recommend with at first, null for none
 * @param policy of the app
 * @param conditions of scheduled participation
 * @param retention of behaviour
 * @param engine null for the one that the class path brings
 * @param executor of the app, on which it hears of results
 * @param clock for events' age and the ledger
 */
record ClientSettings(
    Path directory,
    Storage storage,
    String population,
    @Nullable CoordinatorAddress coordinator,
    @Nullable Enrolment enrolment,
    @Nullable PlanId plan,
    @Nullable BundledModel bundle,
    ClientPolicy policy,
    Conditions conditions,
    Retention retention,
    @Nullable Supplier<TrainingEngine> engine,
    Executor executor,
    Clock clock) {

  /** The engine that trains; made when it is first needed. */
  TrainingEngine newEngine() {
    return engine == null ? TrainingEngines.load() : engine.get();
  }
}
