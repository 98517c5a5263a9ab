package io.tacit.client.recommend;

import io.tacit.client.model.ItemScorer;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * A model with all that recommending takes. Immutable and safe to share: who holds one recommends
 * with one version throughout, whatever is installed meanwhile.
 *
 * @param plan that trained it
 * @param version which model it is
 * @param scorer of the model
 * @param assortment the items of the plan's catalogue, and what the app says of them
 */
record InstalledModel(
    TrainingPlan plan, InstalledVersion version, ItemScorer scorer, Assortment assortment) {

  /**
   * Decodes a model, with the catalogue alone as its assortment.
   *
   * @param modelVersion that the coordinator gave, at least 0
   * @throws IllegalArgumentException saying what does not fit
   */
  static InstalledModel of(
      Artifact planFile, Artifact catalogueFile, Artifact modelFile, int modelVersion) {
    TrainingPlan plan = TrainingPlan.fromBytes(planFile.bytes());
    if (!(plan.features() instanceof FeatureSchema.Items schema)) {
      throw new IllegalArgumentException(
          "plan "
              + plan.id()
              + " trains a model of kind "
              + plan.model().kind()
              + ", must be one over items to recommend with");
    }
    catalogueFile.requireHash("catalogue", schema.catalogueHash());
    ItemFile catalogue = ItemFile.catalogue(catalogueFile);
    if (catalogue.size() != schema.catalogueItems()) {
      throw new IllegalArgumentException(
          "catalogue has "
              + catalogue.size()
              + " items, plan "
              + plan.id()
              + " says "
              + schema.catalogueItems()
              + "; mend the plan");
    }
    ModelSpecification specification = plan.model();
    ModelParameters parameters =
        ModelParameters.fromBytes(modelFile.bytes(), specification.layout().size());
    return new InstalledModel(
        plan,
        new InstalledVersion(
            plan.id(), plan.version(), planFile.hash(), modelVersion, modelFile.hash()),
        ItemScorer.of(specification, parameters),
        Assortment.of(catalogue));
  }

  /** The same model with what an item file says. */
  InstalledModel with(ItemFile items) {
    return new InstalledModel(plan, version, scorer, assortment.with(items));
  }

  /** SHA-256 of the model file. */
  ContentHash modelHash() {
    return version.modelHash();
  }

  /** How events become rows. */
  FeatureSchema.Items schema() {
    return (FeatureSchema.Items) plan.features();
  }
}
