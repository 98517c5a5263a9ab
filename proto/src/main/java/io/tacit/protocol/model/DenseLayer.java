package io.tacit.protocol.model;

/**
 * A fully connected layer.
 *
 * @param units outputs, at least 1
 * @param activation applied to the sums
 */
public record DenseLayer(int units, Activation activation) {

  public DenseLayer {
    if (units < 1) {
      throw new IllegalArgumentException(
          "a layer has " + units + " units, must be at least 1; remove the layer or give it units");
    }
  }
}
