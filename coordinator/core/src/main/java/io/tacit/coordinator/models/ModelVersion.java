package io.tacit.coordinator.models;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One model in the history of a plan.
 *
 * @param plan whose model
 * @param version 0 for the initial parameters, then 1, 2, 3, ...
 * @param round the round that made it; 0 for the initial parameters
 * @param hash of its file in the {@link ArtifactStore}
 * @param parent the version it was made from; null for version 0
 * @param optimiserState hash of the server optimiser's state behind it; null if there is none
 * @param parameters d
 * @param clients updates that went into it; 0 for version 0
 * @param meanLoss what they reported; null for version 0, and if they did not tell, as under noise
 * @param createdAt when, to the millisecond
 */
public record ModelVersion(
    PlanId plan,
    int version,
    long round,
    ContentHash hash,
    @Nullable Integer parent,
    @Nullable ContentHash optimiserState,
    int parameters,
    int clients,
    @Nullable Double meanLoss,
    Instant createdAt) {}
