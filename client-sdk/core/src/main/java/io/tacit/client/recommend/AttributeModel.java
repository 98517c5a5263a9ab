package io.tacit.client.recommend;

import io.tacit.client.model.TabularPredictor;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.TrainingPlan;

/**
 * A model over attributes, which predicts.
 *
 * @param plan that trained it
 * @param version which model it is
 * @param predictor of the model
 */
record AttributeModel(TrainingPlan plan, InstalledVersion version, TabularPredictor predictor)
    implements InstalledModel {

  /**
   * @throws IllegalArgumentException if the parameters are not the plan's
   */
  static AttributeModel of(
      TrainingPlan plan, InstalledVersion version, ModelParameters parameters) {
    return new AttributeModel(
        plan, version, new TabularPredictor((ModelSpecification.Tabular) plan.model(), parameters));
  }

  @Override
  public ModelUse use() {
    return ModelUse.PREDICTIONS;
  }

  /** Itself: it knows no items. */
  @Override
  public AttributeModel with(ItemFile items) {
    return this;
  }
}
