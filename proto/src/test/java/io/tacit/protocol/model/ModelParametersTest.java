package io.tacit.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacit.testing.Fuzz;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ModelParametersTest {

  private static final float[] VALUES = {1, -2.5f, Float.MIN_VALUE, Float.MAX_VALUE};

  @Test
  void reads_back_what_it_wrote() {
    ModelParameters parameters = ModelParameters.copyOf(VALUES);
    ModelParameters read = ModelParameters.fromBytes(parameters.toBytes(), 4);
    assertThat(read).isEqualTo(parameters).hasSameHashCodeAs(parameters);
    assertThat(read.contentHash()).isEqualTo(parameters.contentHash());
    assertThat(read.toArray()).containsExactly(VALUES);
  }

  /** "TCTM", version 1, d = 1, and 1.0f, all little-endian. */
  @Test
  void writes_the_documented_format() {
    assertThat(ModelParameters.copyOf(new float[] {1}).toBytes())
        .containsExactly('T', 'C', 'T', 'M', 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x80, 0x3f);
    assertThat(ModelParameters.fileBytes(1)).isEqualTo(16);
  }

  @Test
  void refuses_files_that_are_not_the_wanted_model() {
    byte[] bytes = ModelParameters.copyOf(VALUES).toBytes();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.fromBytes(new byte[3], 4))
        .withMessage("not a model file: 3 bytes that do not begin with TCTM");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.fromBytes(Arrays.copyOf(bytes, 27), 4))
        .withMessage(
            "model file announces 4 parameters in 27 bytes, expected 4 in 28; fetch the model"
                + " again");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.fromBytes(bytes, 5))
        .withMessage(
            "model file announces 4 parameters in 28 bytes, expected 5 in 32; fetch the model"
                + " again");
    byte[] newer = bytes.clone();
    newer[4] = 2;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.fromBytes(newer, 4))
        .withMessage(
            "model file has format version 2, this build reads 1; update the software that reads"
                + " it");
    byte[] huge = bytes.clone();
    Arrays.fill(huge, 8, 12, (byte) 0xff);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.fromBytes(huge, 4))
        .withMessageStartingWith("model file announces 4294967295 parameters in 28 bytes");
  }

  @Test
  void refuses_what_is_not_finite_in_memory_and_in_files() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.copyOf(new float[] {0, Float.NaN}))
        .withMessage("parameter 1 is NaN, must be finite");
    byte[] bytes = ModelParameters.copyOf(new float[] {0}).toBytes();
    bytes[14] = (byte) 0x80;
    bytes[15] = (byte) 0xff;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelParameters.fromBytes(bytes, 1))
        .withMessage("parameter 0 is -Infinity, must be finite");
  }

  @Test
  void shares_nothing_with_the_arrays_of_callers() {
    float[] mine = VALUES.clone();
    ModelParameters parameters = ModelParameters.copyOf(mine);
    mine[0] = 9;
    parameters.toArray()[1] = 9;
    assertThat(parameters.get(0)).isEqualTo(1);
    assertThat(parameters.get(1)).isEqualTo(-2.5f);
  }

  @Test
  void copies_all_or_a_range_into_buffers_of_callers() {
    float[] target = {7, 7, 7, 7, 7, 7};
    ModelParameters.copyOf(VALUES).copyTo(target);
    assertThat(target).startsWith(VALUES).endsWith(7, 7);
    float[] part = new float[3];
    ModelParameters.copyOf(VALUES).copyTo(1, part, 2, 1);
    assertThat(part).containsExactly(0, 0, -2.5f);
  }

  @Test
  void starts_every_block_by_its_initialiser_and_every_seed_alike() {
    ModelSpecification model =
        new ModelSpecification.NeuralCf(
            4_000, 8, true, List.of(new DenseLayer(600, Activation.RELU)), 3);
    ModelParameters parameters = ModelParameters.initial(model);
    ParameterLayout layout = model.layout();

    assertThat(deviation(parameters, layout.block("item.embedding"))).isCloseTo(.1, within(.002));
    assertThat(deviation(parameters, layout.block("item.bias"))).isZero();
    assertThat(deviation(parameters, layout.block("tower.0.weights")))
        .as("He: sqrt(2 / 8)")
        .isCloseTo(.5, within(.02));
    assertThat(deviation(parameters, layout.block("tower.1.weights")))
        .as("Glorot: sqrt(6 / 601) / sqrt(3)")
        .isCloseTo(.0577, within(.004));
    assertThat(ModelParameters.initial(model)).isEqualTo(parameters);
    assertThat(
            ModelParameters.initial(
                new ModelSpecification.NeuralCf(
                    4_000, 8, true, List.of(new DenseLayer(600, Activation.RELU)), 4)))
        .isNotEqualTo(parameters);
  }

  private static double deviation(ModelParameters parameters, ParameterBlock block) {
    double squares = 0;
    for (int i = block.offset(); i < block.offset() + block.size(); i++) {
      squares += (double) parameters.get(i) * parameters.get(i);
    }
    return Math.sqrt(squares / block.size());
  }

  @Test
  @Tag(Fuzz.TAG)
  void what_is_damaged_is_refused_or_read_and_written_alike() {
    Fuzz.of(ModelParameters.copyOf(VALUES).toBytes())
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input ->
                assertThat(ModelParameters.fromBytes(input, VALUES.length).toBytes())
                    .isEqualTo(input));
  }
}
