package io.tacit.client.training;

/**
 * What a device learnt in one training, not yet bounded: it must be clipped before anything else is
 * done with it. Private; {@code toString} prints sizes only.
 *
 * @param delta trained parameters minus start
 * @param examples how many examples it was trained on, at least 1
 * @param loss mean loss per example, on held-back examples where the plan asks for that; finite
 */
public record LocalUpdate(ParameterDelta delta, int examples, double loss) {

  public LocalUpdate {
    if (examples < 1) {
      throw new IllegalArgumentException("examples are " + examples + ", must be at least 1");
    }
  }

  @Override
  public String toString() {
    return "LocalUpdate[" + delta.size() + "]";
  }
}
