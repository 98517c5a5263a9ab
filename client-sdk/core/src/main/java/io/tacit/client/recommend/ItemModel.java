package io.tacit.client.recommend;

import io.tacit.client.features.CatalogueFeatures;
import io.tacit.client.model.ItemFeatures;
import io.tacit.client.model.ItemScorer;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * A model over items, which recommends.
 *
 * @param plan that trained it
 * @param version which model it is
 * @param scorer of the model
 * @param assortment the items of the plan's catalogue, and what the app says of them
 */
record ItemModel(
    TrainingPlan plan, InstalledVersion version, ItemScorer scorer, Assortment assortment)
    implements InstalledModel {

  /**
   * With the catalogue alone as its assortment.
   *
   * @throws IllegalArgumentException saying what does not fit
   */
  static ItemModel of(
      TrainingPlan plan,
      FeatureSchema.Items schema,
      InstalledVersion version,
      Artifact catalogueFile,
      ModelParameters parameters) {
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
    ItemFeatures features = CatalogueFeatures.of(schema, catalogue.cells(), catalogue::cell);
    return new ItemModel(
        plan, version, ItemScorer.of(plan.model(), parameters, features), Assortment.of(catalogue));
  }

  @Override
  public ModelUse use() {
    return ModelUse.RECOMMENDATIONS;
  }

  @Override
  public ItemModel with(ItemFile items) {
    return new ItemModel(plan, version, scorer, assortment.with(items));
  }

  /** How events become rows. */
  FeatureSchema.Items schema() {
    return (FeatureSchema.Items) plan.features();
  }
}
