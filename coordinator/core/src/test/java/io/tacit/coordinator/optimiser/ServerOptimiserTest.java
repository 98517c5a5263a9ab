package io.tacit.coordinator.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacit.protocol.encoding.FixedPointCodec;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.model.SplitMix64;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.ServerOptimiserSettings.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptimiserTest {

  private static final float[] START = {1, -2, 0};

  /** A large, a small and a late coordinate. */
  private static final float[][] UPDATES = {{.5f, .001f, 0}, {.5f, 0, 0}, {-.25f, -.001f, .125f}};

  @Test
  void mean_adds_the_updates() {
    assertThat(threeSteps(Kind.MEAN, 1, 0))
        .containsExactly(new double[] {1.75, -2, .125}, within(1e-6));
  }

  @Test
  void scaled_mean_adds_a_multiple_of_the_updates() {
    assertThat(threeSteps(Kind.SCALED_MEAN, 10, 0))
        .containsExactly(new double[] {8.5, -2, 1.25}, within(1e-5));
  }

  /**
   * Worked by hand from the formula. First coordinate: m = .05, v = .0025, x = 1 + .1 · .05 / .051;
   * m = .095, v = .004975; m = .0605, v = .00555025. Third: m = .0125, v = .00015625, x = .1 ·
   * .0125 / .0135.
   */
  @Test
  void fed_adam_gives_known_answers() {
    assertThat(threeSteps(Kind.FED_ADAM, .1, .9))
        .containsExactly(new double[] {1.31097624, -1.98438916, .09259259}, within(1e-6));
  }

  /** First coordinate, without momentum: 1 + .05 / .501 + .05 / .70810678 - .025 / .751. */
  @Test
  void fed_adagrad_gives_known_answers() {
    assertThat(threeSteps(Kind.FED_ADAGRAD, .1, 0))
        .containsExactly(new double[] {1.13712227, -1.99142136, .09920635}, within(1e-6));
    assertThat(threeSteps(Kind.FED_ADAGRAD, .1, .9))
        .containsExactly(new double[] {1.03145202, -1.99128701, .00992063}, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mean_of_one_client_is_that_clients_update_to_one_step_of_the_encoding(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    FixedPointCodec codec = FixedPointCodec.forCohort(1, 128);
    float[] update = new float[50];
    for (int i = 0; i < update.length; i++) {
      update[i] = (float) (.1 * (2 * random.nextDouble() - 1));
    }
    int[] lanes = new int[16 + update.length];
    codec.encodeTo(lanes, update, 1, 10, .5, random::nextDouble);

    ModelParameters next =
        step(
                Kind.MEAN,
                1,
                0,
                new float[50],
                codec.decode(lanes, update.length),
                OptimiserState.none())
            .parameters();

    for (int i = 0; i < update.length; i++) {
      assertThat(next.get(i)).isCloseTo(update[i], within((float) (1.01 / codec.scale())));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void changes_neither_model_nor_update_nor_state(Kind kind) {
    ModelParameters model = ModelParameters.copyOf(START);
    MeanUpdate update = mean(UPDATES[0]);
    OptimiserState state = step(kind, 1, .9, START, update, OptimiserState.none()).state();
    byte[] before = state.toBytes();

    optimiser(kind, 1, .9).step(model, update, state);

    assertThat(model.toArray()).containsExactly(START);
    assertThat(update.values()).containsExactly(UPDATES[0]);
    assertThat(state.toBytes()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void goes_on_from_a_stored_state_as_if_it_had_never_been_stored(Kind kind) {
    MeanUpdate first = mean(UPDATES[0]);
    StepOutcome.Step step = step(kind, 1, .9, START, first, OptimiserState.none());
    OptimiserState stored =
        step.state().isNone()
            ? OptimiserState.none()
            : OptimiserState.fromBytes(step.state().toBytes(), START.length);

    float[] model = step.parameters().toArray();
    assertThat(step(kind, 1, .9, model, mean(UPDATES[1]), stored))
        .isEqualTo(step(kind, 1, .9, model, mean(UPDATES[1]), step.state()));
  }

  @Test
  void starts_from_zero_moments_after_a_change_of_rule() {
    MeanUpdate update = mean(UPDATES[0]);
    OptimiserState ofAdagrad =
        step(Kind.FED_ADAGRAD, .1, .9, START, update, OptimiserState.none()).state();

    assertThat(step(Kind.FED_ADAM, .1, .9, START, update, ofAdagrad))
        .isEqualTo(step(Kind.FED_ADAM, .1, .9, START, update, OptimiserState.none()));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_result_out_of_range_is_an_outcome_and_no_model(Kind kind) {
    float[] model = {0, Float.MAX_VALUE};
    MeanUpdate update = mean(new float[] {0, Float.MAX_VALUE});

    StepOutcome outcome =
        optimiser(kind, kind == Kind.MEAN ? 1 : 1000, .9)
            .step(ModelParameters.copyOf(model), update, OptimiserState.none());

    assertThat(outcome).isEqualTo(new StepOutcome.NotFinite(1, Float.MAX_VALUE));
    assertThat(((StepOutcome.NotFinite) outcome).reason())
        .isEqualTo(
            "parameter 1 would not be finite after the server step (mean update 3.4028235E38);"
                + " lower server-optimiser.learning-rate or client.clip-norm");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void a_nan_in_the_update_is_an_outcome_and_no_model(Kind kind) {
    StepOutcome outcome =
        optimiser(kind, 1, .9)
            .step(
                ModelParameters.copyOf(START),
                mean(new float[] {0, Float.NaN, 0}),
                OptimiserState.none());

    assertThat(outcome).isEqualTo(new StepOutcome.NotFinite(1, Float.NaN));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refuses_an_update_of_another_model(Kind kind) {
    assertThatThrownBy(
            () -> step(kind, 1, .9, START, mean(new float[] {1, 2}), OptimiserState.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "mean update has 2 elements but the model has 3; decode the sum of this model's"
                + " round");
  }

  @Test
  void a_state_file_that_is_none_is_refused_before_it_is_allocated() {
    byte[] bytes =
        step(Kind.FED_ADAM, 1, .9, START, mean(UPDATES[0]), OptimiserState.none())
            .state()
            .toBytes();
    assertThat(bytes).hasSize(16 + 8 * 3).startsWith('T', 'C', 'T', 'O');

    assertThatThrownBy(() -> OptimiserState.fromBytes(new byte[] {'T', 'C'}, 3))
        .hasMessage("not an optimiser state: 2 bytes that do not begin with TCTO");
    assertThatThrownBy(() -> OptimiserState.fromBytes(bytes, 4))
        .hasMessage(
            "optimiser state announces 3 parameters in 40 bytes, expected 4 in 48; it belongs to"
                + " another model");
    byte[] huge = bytes.clone();
    huge[15] = (byte) 0xff;
    assertThatThrownBy(() -> OptimiserState.fromBytes(huge, 3))
        .hasMessage(
            "optimiser state announces 4278190083 parameters in 40 bytes, expected 3 in 40; it"
                + " belongs to another model");
    byte[] newer = bytes.clone();
    newer[4] = 2;
    assertThatThrownBy(() -> OptimiserState.fromBytes(newer, 3))
        .hasMessage(
            "optimiser state has format version 2 and rule 3, this build reads version 1 and rules"
                + " 1 to 4; update this software");
  }

  private static double[] threeSteps(Kind kind, double learningRate, double beta1) {
    float[] model = START;
    OptimiserState state = OptimiserState.none();
    for (float[] update : UPDATES) {
      StepOutcome.Step step = step(kind, learningRate, beta1, model, mean(update), state);
      model = step.parameters().toArray();
      state = step.state();
    }
    double[] result = new double[model.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = model[i];
    }
    return result;
  }

  private static StepOutcome.Step step(
      Kind kind,
      double learningRate,
      double beta1,
      float[] model,
      MeanUpdate update,
      OptimiserState state) {
    return (StepOutcome.Step)
        optimiser(kind, learningRate, beta1).step(ModelParameters.copyOf(model), update, state);
  }

  private static ServerOptimiser optimiser(Kind kind, double learningRate, double beta1) {
    return ServerOptimiser.of(new ServerOptimiserSettings(kind, learningRate, beta1, .99, .001));
  }

  private static MeanUpdate mean(float[] values) {
    return new MeanUpdate(values.clone(), 1, 1, 1, 0);
  }
}
