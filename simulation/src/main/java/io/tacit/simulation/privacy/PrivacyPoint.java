package io.tacit.simulation.privacy;

import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.simulation.evaluation.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * One training.
 *
 * @param epsilon target against whoever sees the models; infinite without noise
 * @param mechanism who added the noise; null without
 * @param seed of it
 * @param noiseMultiplier z of the models; 0 without noise
 * @param cost both epsilons and what they assume; null without noise
 * @param hitRate HR@10 of the last round's model, over the users that are tested on
 * @param ndcg NDCG@10 of it
 * @param seconds that it took
 */
public record PrivacyPoint(
    double epsilon,
    @Nullable Mechanism mechanism,
    long seed,
    double noiseMultiplier,
    @Nullable PrivacyCost cost,
    Estimate hitRate,
    Estimate ndcg,
    double seconds) {}
