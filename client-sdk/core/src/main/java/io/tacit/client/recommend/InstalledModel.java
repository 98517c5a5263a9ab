package io.tacit.client.recommend;

import io.tacit.client.model.ItemScorer;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * A model with all that recommending takes. Immutable and safe to share.
 *
 * @param plan that trained it
 * @param catalogue of the plan
 * @param modelHash SHA-256 of the model file
 * @param scorer of the model
 */
record InstalledModel(
    TrainingPlan plan, Catalogue catalogue, ContentHash modelHash, ItemScorer scorer) {}
