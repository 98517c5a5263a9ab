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
      byte[] planBytes,
      byte[] catalogueBytes,
      byte[] modelBytes,
      ContentHash modelHash,
      int modelVersion) {
    requireHash("model", modelBytes, modelHash);
    TrainingPlan plan = TrainingPlan.fromBytes(planBytes);
    if (!(plan.features() instanceof FeatureSchema.Items schema)) {
      throw new IllegalArgumentException(
          "plan "
              + plan.id()
              + " trains a model of kind "
              + plan.model().kind()
              + ", must be one over items to recommend with");
    }
    requireHash("catalogue", catalogueBytes, schema.catalogueHash());
    ItemFile catalogue = ItemFile.catalogue(catalogueBytes);
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
        ModelParameters.fromBytes(modelBytes, specification.layout().size());
    return new InstalledModel(
        plan,
        new InstalledVersion(
            plan.id(), plan.version(), ContentHash.of(planBytes), modelVersion, modelHash),
        ItemScorer.of(specification, parameters),
        Assortment.of(catalogue));
  }

  /** Refuses bytes of another hash. */
  static void requireHash(String what, byte[] bytes, ContentHash expected) {
    ContentHash actual = ContentHash.of(bytes);
    if (!actual.equals(expected)) {
      throw new IllegalArgumentException(
          what
              + " has hash "
              + actual.toHex()
              + ", must have "
              + expected.toHex()
              + "; fetch it again");
    }
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
