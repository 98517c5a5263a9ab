package io.tacit.client.model;

import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;

/** Predicts from dense features with a tabular model. Immutable and safe to share. */
public final class TabularPredictor {

  private final ModelSpecification.Tabular specification;
  private final DenseNetwork network;

  /**
   * Copies what it needs of the parameters.
   *
   * @throws IllegalArgumentException if they are not of this model
   */
  public TabularPredictor(ModelSpecification.Tabular specification, ModelParameters parameters) {
    ItemScorer.requireSize(specification, parameters);
    this.specification = specification;
    this.network =
        new DenseNetwork(
            specification.inputs(),
            specification.layers(),
            DenseNetwork.rowsOf(
                parameters.toArray(), 0, specification.inputs(), specification.layers()),
            0);
  }

  /**
   * What the model says about one example.
   *
   * @param features {@code float[inputs]}, encoded
   * @return {@code float[outputs]}, the caller's
   * @throws IllegalArgumentException if the number of features is not the model's
   */
  public float[] predict(float[] features) {
    requireInputs(features.length);
    DenseNetwork.Pass pass = network.newPass(1);
    System.arraycopy(features, 0, pass.input()[0], 0, features.length);
    return pass.run(1)[0];
  }

  /**
   * What each feature adds to an output. The baseline is the prediction for zeros: an encoded
   * number that is 0 is at its mean, a category or text that is all zeros is missing.
   *
   * @param features {@code float[inputs]}, encoded
   * @param widths how many inputs each feature fills, in order; together all of them
   * @param output which output, from 0
   * @return a part per feature
   */
  public Attribution attribute(float[] features, int[] widths, int output) {
    requireInputs(features.length);
    if (output < 0 || output >= specification.outputs()) {
      throw new IllegalArgumentException(
          "output is " + output + ", must be 0 to " + (specification.outputs() - 1));
    }
    int[] from = new int[widths.length + 1];
    for (int feature = 0; feature < widths.length; feature++) {
      from[feature + 1] = from[feature] + widths[feature];
    }
    requireInputs(from[widths.length]);
    return OrderedAttribution.of(
        network,
        output,
        widths.length,
        (feature, sum) -> {
          for (int i = from[feature]; i < from[feature + 1]; i++) {
            sum[i] += features[i];
          }
        });
  }

  private void requireInputs(int count) {
    if (count != specification.inputs()) {
      throw new IllegalArgumentException(
          "there are "
              + count
              + " features but the model takes "
              + specification.inputs()
              + "; encode them with the schema of the model's plan");
    }
  }
}
