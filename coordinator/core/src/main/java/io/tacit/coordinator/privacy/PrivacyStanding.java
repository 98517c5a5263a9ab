package io.tacit.coordinator.privacy;

import io.tacit.protocol.privacy.PrivacyBound;
import io.tacit.protocol.privacy.PrivacyCost;
import java.util.Optional;

/**
 * Where a plan stands: what its rounds so far let be learnt about the device that took part in as
 * many as it may, the dearest ones. Both numbers, never one alone.
 *
 * @param rounds that were charged, over all versions of the plan, or noted as lost
 * @param roundsWithoutNoise of them; with one, nothing bounds what is learnt from models
 * @param models against whoever sees the models
 * @param coordinator against the coordinator
 * @param atCap what the version in force will cost a device that takes part as often as it may,
 *     with the assumptions of both; earlier versions not counted
 * @param stop why no more rounds are opened; empty if they are
 */
public record PrivacyStanding(
    long rounds,
    long roundsWithoutNoise,
    PrivacyBound models,
    PrivacyBound coordinator,
    PrivacyCost atCap,
    Optional<String> stop) {}
