package io.tacit.simulation.population;

import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.rounds.ArtifactCache;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.training.TrainingEngine;

/**
 * What the devices of one JVM share.
 *
 * @param settings population and policy
 * @param connection to the coordinator
 * @param artifacts plans, catalogues and models fetched before
 * @param engine that trains
 */
public record DeviceParts(
    ParticipantSettings settings,
    CoordinatorConnection connection,
    ArtifactCache artifacts,
    TrainingEngine engine) {

  /** Bytes of plans and models that devices of one JVM keep for each other. */
  private static final long CACHE_BYTES = 256L << 20;

  /** With an empty cache; no more devices train at a time than there are processors. */
  public static DeviceParts of(
      ParticipantSettings settings, CoordinatorConnection connection, TrainingEngine engine) {
    return new DeviceParts(
        settings, connection, new ArtifactCache(CACHE_BYTES), TrainingGate.before(engine));
  }
}
