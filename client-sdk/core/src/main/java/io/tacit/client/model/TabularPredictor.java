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
    if (features.length != specification.inputs()) {
      throw new IllegalArgumentException(
          "there are "
              + features.length
              + " features but the model takes "
              + specification.inputs()
              + "; encode them with the schema of the model's plan");
    }
    DenseNetwork.Pass pass = network.newPass(1);
    System.arraycopy(features, 0, pass.input()[0], 0, features.length);
    return pass.run(1)[0];
  }
}
