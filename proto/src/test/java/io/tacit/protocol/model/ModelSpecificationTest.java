package io.tacit.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.WireLimits;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSpecificationTest {

  private static final DenseLayer SIGMOID = new DenseLayer(1, Activation.SIGMOID);

  @Test
  void lays_a_perceptron_out_layer_by_layer() {
    ParameterLayout layout =
        new ModelSpecification.Tabular(
                5,
                List.of(
                    new DenseLayer(64, Activation.RELU),
                    new DenseLayer(32, Activation.RELU),
                    SIGMOID),
                Loss.BINARY_CROSS_ENTROPY,
                1)
            .layout();
    assertThat(layout.size()).isEqualTo(5 * 64 + 64 + 64 * 32 + 32 + 32 + 1);
    assertThat(layout.blocks())
        .containsExactly(
            new ParameterBlock("layer.0.weights", 0, 5, 64, Initialiser.HE_NORMAL),
            new ParameterBlock("layer.0.bias", 320, 1, 64, Initialiser.ZERO),
            new ParameterBlock("layer.1.weights", 384, 64, 32, Initialiser.HE_NORMAL),
            new ParameterBlock("layer.1.bias", 2432, 1, 32, Initialiser.ZERO),
            new ParameterBlock("layer.2.weights", 2464, 32, 1, Initialiser.GLOROT_UNIFORM),
            new ParameterBlock("layer.2.bias", 2496, 1, 1, Initialiser.ZERO));
  }

  @Test
  void lays_features_out_behind_everything_so_that_a_folded_model_is_the_beginning_of_the_whole() {
    for (ModelSpecification.OfItems model :
        List.of(
            new ModelSpecification.TwoTower(10, 4, true, 3, 2, 1),
            new ModelSpecification.NeuralCf(
                10, 4, true, List.of(new DenseLayer(3, Activation.RELU)), 3, 2, 1))) {
      List<ParameterBlock> whole = model.layout().blocks();
      List<ParameterBlock> folded = model.folded().layout().blocks();

      assertThat(whole.subList(0, folded.size())).isEqualTo(folded);
      assertThat(folded.get(folded.size() - 1))
          .extracting(ParameterBlock::name, ParameterBlock::rows, ParameterBlock::initialiser)
          .containsExactly("user.feature.embedding", 2, Initialiser.ZERO);
      assertThat(whole.subList(folded.size(), whole.size()))
          .allSatisfy(block -> assertThat(block.rows()).isEqualTo(3))
          .allSatisfy(block -> assertThat(block.initialiser()).isEqualTo(Initialiser.ZERO));
      assertThat(model.folded().itemFeatures()).isZero();
    }
    assertThat(new ModelSpecification.TwoTower(10, 4, true, 3, 2, 1).layout().size())
        .isEqualTo(90 + 2 * 4 + 3 * 4 + 3 + 3 * 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSpecification.TwoTower(10, 4, true, -1, 0, 1))
        .withMessage("item-features is -1, must be at least 0");
  }

  @Test
  void lays_models_of_items_out_by_table_then_tower() {
    ParameterLayout twoTower = new ModelSpecification.TwoTower(10, 4, true, 1).layout();
    assertThat(twoTower.size()).isEqualTo(10 * 4 + 10 + 10 * 4);
    assertThat(twoTower.block(ModelSpecification.HISTORY_EMBEDDING).rowOffset(3)).isEqualTo(62);
    assertThat(new ModelSpecification.TwoTower(10, 4, false, 1).layout().size()).isEqualTo(80);

    ParameterLayout neural =
        new ModelSpecification.NeuralCf(
                10, 4, false, List.of(new DenseLayer(3, Activation.RELU)), 1)
            .layout();
    assertThat(neural.size()).isEqualTo(40 + 4 * 3 + 3 + 3 + 1);
    assertThat(neural.hasBlock(ModelSpecification.ITEM_BIAS)).isFalse();
    assertThat(neural.blocksOf(ModelSpecification.TOWER))
        .extracting(ParameterBlock::name)
        .containsExactly("tower.0.weights", "tower.0.bias", "tower.1.weights", "tower.1.bias");

    ParameterLayout factorisation =
        new ModelSpecification.NeuralCf(10, 4, true, List.of(), 1).layout();
    assertThat(factorisation.size()).isEqualTo(50);
    assertThat(factorisation.blocksOf(ModelSpecification.TOWER)).isEmpty();
  }

  @Test
  void recency_is_nothing_of_the_layout() {
    ModelSpecification.TwoTower alike = new ModelSpecification.TwoTower(10, 4, true, 3, 2, 1);
    ModelSpecification.TwoTower recent =
        new ModelSpecification.TwoTower(10, 4, true, 3, 2, new Recency(0.5, 3), 1);

    assertThat(recent.layout().blocks()).isEqualTo(alike.layout().blocks());
    assertThat(recent).isNotEqualTo(alike);
    assertThat(recent.folded().recency()).isEqualTo(recent.recency());
  }

  @Test
  void refuses_recency_that_can_not_be() {
    for (double share : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Recency(share, 5))
          .withMessage(
              "recency share is " + share + ", must be 0 to 1; 0 lets all items count alike");
    }
    for (double halfLife : new double[] {0, 0.09, 1000.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Recency(0.5, halfLife))
          .withMessage(
              "recency half-life is "
                  + halfLife
                  + " items, must be 0.1 to 1000; 5 is a usual start");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Recency(0, 5))
        .withMessage("recency half-life is 5.0 without a share, give a share above 0 or neither");
  }

  @Test
  void refuses_models_that_make_no_sense() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DenseLayer(0, Activation.RELU))
        .withMessage("a layer has 0 units, must be at least 1; remove the layer or give it units");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSpecification.Tabular(3, List.of(), Loss.MEAN_SQUARED_ERROR, 1))
        .withMessage("model has no layers, must have at least 1; the last one is the output");
    List<DenseLayer> deep = Collections.nCopies(65, SIGMOID);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSpecification.Tabular(3, deep, Loss.BINARY_CROSS_ENTROPY, 1))
        .withMessage("model has 65 layers, must have at most 64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSpecification.NeuralCf(3, 1, true, deep, 1))
        .withMessage("model has 65 layers, must have at most 64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelSpecification.TwoTower(0, 4, true, 1))
        .withMessage("items is 0, must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ModelSpecification.NeuralCf(
                    3, 4, true, List.of(new DenseLayer(2, Activation.SOFTMAX)), 1))
        .withMessage("softmax is not allowed in the tower");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ModelSpecification.Tabular(
                    3,
                    List.of(new DenseLayer(2, Activation.SOFTMAX), SIGMOID),
                    Loss.BINARY_CROSS_ENTROPY,
                    1))
        .withMessage("softmax is only allowed in the last layer");
  }

  @Test
  void refuses_a_loss_that_does_not_fit_the_last_layer() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ModelSpecification.Tabular(
                    3, List.of(SIGMOID), Loss.CATEGORICAL_CROSS_ENTROPY, 1))
        .withMessage(
            "loss CATEGORICAL_CROSS_ENTROPY does not fit a last layer with activation SIGMOID; use"
                + " SIGMOID with BINARY_CROSS_ENTROPY, SOFTMAX with CATEGORICAL_CROSS_ENTROPY, any"
                + " other with MEAN_SQUARED_ERROR");
  }

  @Test
  void refuses_a_model_that_would_not_fit_in_memory_before_anything_is_allocated() {
    ModelSpecification bomb =
        new ModelSpecification.TwoTower(Integer.MAX_VALUE, Integer.MAX_VALUE, true, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(bomb::layout)
        .withMessage(
            "model has at least 4611686014132420609 parameters (up to block item.embedding), must"
                + " be at most "
                + WireLimits.PARAMETERS_MAX
                + "; make layers, dimension or catalogue smaller");
  }
}
