package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import org.jspecify.annotations.Nullable;

/**
 * A model with all that asking it takes. Immutable and safe to share: who holds one asks one
 * version throughout, whatever is installed meanwhile.
 */
sealed interface InstalledModel permits ItemModel, AttributeModel {

  /** The plan that trained it. */
  TrainingPlan plan();

  /** Which model it is. */
  InstalledVersion version();

  /** What it does for an app. */
  ModelUse use();

  /** The same model with what an item file says. */
  InstalledModel with(ItemFile items);

  /** SHA-256 of the model file. */
  default ContentHash modelHash() {
    return version().modelHash();
  }

  /**
   * Decodes a model.
   *
   * @param catalogue that the plan names, null if it names none
   * @param modelVersion that the coordinator gave, at least 0
   * @throws IllegalArgumentException saying what does not fit
   */
  static InstalledModel of(
      Artifact planFile, @Nullable Artifact catalogueFile, Artifact modelFile, int modelVersion) {
    TrainingPlan plan = TrainingPlan.fromBytes(planFile.bytes());
    ModelParameters parameters =
        ModelParameters.fromBytes(modelFile.bytes(), plan.model().layout().size());
    InstalledVersion version =
        new InstalledVersion(
            plan.id(), plan.version(), planFile.hash(), modelVersion, modelFile.hash());
    if (!(plan.features() instanceof FeatureSchema.Items items)) {
      return AttributeModel.of(plan, version, parameters);
    }
    if (catalogueFile == null) {
      throw new IllegalArgumentException(
          "plan " + plan.id() + " is over items, and no catalogue came with it; bring it along");
    }
    return ItemModel.of(plan, items, version, catalogueFile, parameters);
  }
}
