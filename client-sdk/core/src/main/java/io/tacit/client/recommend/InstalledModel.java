package io.tacit.client.recommend;

import io.tacit.client.model.ItemScorer;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * A model with all that recommending takes. Immutable and safe to share: who holds one recommends
 * with one version throughout, whatever is installed meanwhile.
 *
 * @param plan that trained it
 * @param modelHash SHA-256 of the model file
 * @param scorer of the model
 * @param assortment the items of the plan's catalogue, and what the app says of them
 */
record InstalledModel(
    TrainingPlan plan, ContentHash modelHash, ItemScorer scorer, Assortment assortment) {

  /** How events become rows. */
  FeatureSchema.Items schema() {
    return (FeatureSchema.Items) plan.features();
  }
}
