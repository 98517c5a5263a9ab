package io.tacit.client.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainingEnginesTest {

  @Test
  void without_other_artifacts_the_portable_engine_is_loaded() {
    assertThat(TrainingEngines.load()).isInstanceOf(PortableEngine.class);
    assertThat(TrainingEngines.named("portable")).isInstanceOf(PortableEngine.class);
  }

  @Test
  void a_known_engine_that_is_not_there_is_refused_with_the_artifact_to_add() {
    assertThatThrownBy(() -> TrainingEngines.named("deeplearning4j"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "training engine \"deeplearning4j\" is not on the class path, which has: portable;"
                + " add the artifact io.tacit:tacit-client-deeplearning4j, or use another");
  }

  @Test
  void an_unknown_engine_is_refused_with_those_there_are() {
    assertThatThrownBy(() -> TrainingEngines.named("abacus"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "training engine \"abacus\" is not on the class path, which has: portable; use one of"
                + " these");
  }
}
