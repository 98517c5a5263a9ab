package io.tacit.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.model.Activation;
import io.tacit.protocol.model.DenseLayer;
import io.tacit.protocol.model.Loss;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.ModelSpecification;
import java.util.List;
import org.junit.jupiter.api.Test;

class TabularPredictorTest {

  /** W1 [3][5], by unit; the layout wants [inputs][units]. */
  private static final float[][] W1 = {
    {.1f, .2f, .3f, .4f, .5f}, {.6f, .7f, .8f, .9f, 1.0f}, {1.1f, 1.2f, 1.3f, 1.4f, 1.5f}
  };

  private static final float[] B1 = {.1f, .2f, .3f};
  private static final float[][] W2 = {{.5f, .6f, .7f}, {.8f, .9f, 1.0f}, {1.1f, 1.2f, 1.3f}};
  private static final float[] B2 = {.4f, .5f, .6f};
  private static final float[] X = {.25f, 1, 1, 0, 1};

  @Test
  void computes_the_worked_example() {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            5,
            List.of(new DenseLayer(3, Activation.SIGMOID), new DenseLayer(3, Activation.SIGMOID)),
            Loss.BINARY_CROSS_ENTROPY,
            1);
    float[] values = new float[model.layout().size()];
    int next = transpose(W1, values, 0);
    System.arraycopy(B1, 0, values, next, 3);
    next = transpose(W2, values, next + 3);
    System.arraycopy(B2, 0, values, next, 3);

    float[] a2 = new TabularPredictor(model, ModelParameters.copyOf(values)).predict(X);

    assertThat(a2).containsExactly(new float[] {.88467926f, .95000374f, .97919479f}, within(1e-6f));
  }

  @Test
  void computes_the_sums_and_activations_in_between() {
    float[][] rows = new float[10][3];
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 3; j++) {
        rows[i][j] = W1[j][i];
      }
    }
    rows[5] = B1;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        rows[6 + i][j] = W2[j][i];
      }
    }
    rows[9] = B2;
    List<DenseLayer> layers =
        List.of(new DenseLayer(3, Activation.SIGMOID), new DenseLayer(3, Activation.SIGMOID));
    DenseNetwork.Pass pass = new DenseNetwork(5, layers, rows, 0).newPass(2);
    pass.input()[1] = X;
    float[] z2 = pass.runToSums(2)[1];

    assertThat(pass.inputOf(1)[1])
        .containsExactly(new float[] {.75491499f, .94531868f, .98979884f}, within(1e-6f));
    assertThat(z2)
        .containsExactly(new float[] {2.03750789f, 2.94451764f, 3.85152739f}, within(1e-6f));

    DenseNetwork.Pass first =
        new DenseNetwork(5, List.of(new DenseLayer(3, Activation.IDENTITY)), rows, 0).newPass(1);
    first.input()[0] = X;
    assertThat(first.run(1)[0]).containsExactly(new float[] {1.125f, 2.85f, 4.575f}, within(1e-6f));
  }

  private static int transpose(float[][] byUnit, float[] target, int from) {
    int next = from;
    for (int i = 0; i < byUnit[0].length; i++) {
      for (float[] unit : byUnit) {
        target[next++] = unit[i];
      }
    }
    return next;
  }

  @Test
  void refuses_another_number_of_features_or_parameters() {
    ModelSpecification.Tabular model =
        new ModelSpecification.Tabular(
            2, List.of(new DenseLayer(1, Activation.SIGMOID)), Loss.BINARY_CROSS_ENTROPY, 1);
    TabularPredictor predictor = new TabularPredictor(model, ModelParameters.initial(model));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> predictor.predict(new float[3]))
        .withMessage(
            "there are 3 features but the model takes 2; encode them with the schema of the"
                + " model's plan");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TabularPredictor(model, ModelParameters.copyOf(new float[4])))
        .withMessage(
            "parameters have 4 elements but the tabular model has 3; fetch the model again");
  }
}
