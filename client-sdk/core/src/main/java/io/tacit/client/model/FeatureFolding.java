package io.tacit.client.model;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.model.ParameterBlock;
import io.tacit.protocol.model.ParameterLayout;
import java.util.Arrays;

/**
 * Adds the rows of item features to those of the items that have them, once. What scores afterwards
 * knows nothing of features and costs what it costs without.
 */
final class FeatureFolding {

  private FeatureFolding() {}

  /** The parameters of the {@link ModelSpecification.OfItems#folded() folded} model. */
  static float[] fold(
      ModelSpecification.OfItems model, ModelParameters parameters, ItemFeatures features) {
    float[] values = parameters.toArray();
    if (model.itemFeatures() == 0) {
      return values;
    }
    ParameterLayout layout = model.layout();
    fold(values, layout, ModelSpecification.ITEM_EMBEDDING, features);
    fold(values, layout, ModelSpecification.ITEM_BIAS, features);
    fold(values, layout, ModelSpecification.HISTORY_EMBEDDING, features);
    return Arrays.copyOf(values, model.folded().layout().size());
  }

  private static void fold(
      float[] values, ParameterLayout layout, String itemBlock, ItemFeatures features) {
    if (!layout.hasBlock(itemBlock)) {
      return;
    }
    ParameterBlock items = layout.block(itemBlock);
    ParameterBlock ofFeatures = layout.block(ModelSpecification.featureBlockOf(itemBlock));
    for (int item = 0; item < items.rows(); item++) {
      SparseVector known = features.of(item);
      for (int i = 0; i < known.count(); i++) {
        if (known.place(i) >= ofFeatures.rows()) {
          throw new IllegalArgumentException(
              "item feature "
                  + known.place(i)
                  + " is none of the model's "
                  + ofFeatures.rows()
                  + "; encode features with the model's plan");
        }
        int to = items.rowOffset(item);
        int from = ofFeatures.rowOffset(known.place(i));
        for (int j = 0; j < items.columns(); j++) {
          values[to + j] += known.value(i) * values[from + j];
        }
      }
    }
  }
}
