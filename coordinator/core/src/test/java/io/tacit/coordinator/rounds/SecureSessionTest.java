package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.sessions.SessionState;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A secure session from the roster to the model, with devices that drop out. */
class SecureSessionTest {

  private static final int SIZE = SecureSessionScript.SIZE;
  private static final int DROPOUTS_TOLERATED = SecureSessionScript.DROPOUTS_TOLERATED;

  @TempDir Path directory;

  private SecureSessionScript script;

  @BeforeEach
  void open() {
    script = SecureSessionScript.in(directory);
  }

  @AfterEach
  void close() {
    script.coordinator.close();
  }

  static Stream<Arguments> dropouts() {
    return Stream.of(Suite.CLASSIC, Suite.HYBRID)
        .flatMap(
            suite ->
                SecureSessionScript.STAGES.stream()
                    .flatMap(
                        stage ->
                            IntStream.of(0, 1, DROPOUTS_TOLERATED, DROPOUTS_TOLERATED + 1)
                                .mapToObj(count -> Arguments.of(suite, stage, count))));
  }

  @ParameterizedTest(name = "{0}, {2} drop out in {1}")
  @MethodSource("dropouts")
  void the_sum_is_exact_up_to_the_tolerated_dropouts_and_there_is_none_beyond(
      Suite suite, Stage dropStage, int count) {
    script.start(suite);
    int left = SIZE;
    int contributors = 0;
    for (Stage stage : SecureSessionScript.STAGES) {
      if (script.devices.get(0).stage() == Stage.ABORTED) {
        break;
      }
      assertThat(script.devices.get(0).stage()).isEqualTo(stage);
      left = stage == dropStage ? SIZE - count : left;
      script.stage(stage, left);
      contributors = stage == Stage.INPUT ? left : contributors;
    }
    script.coordinator.tick();

    RoundState state = script.coordinator.round(script.plan, 1).state();
    if (count > DROPOUTS_TOLERATED) {
      assertThat(state)
          .isInstanceOfSatisfying(
              RoundState.Abandoned.class,
              abandoned ->
                  assertThat(abandoned.reason())
                      .startsWith("only 6 of ")
                      .endsWith("stage " + dropStage + " closed, at least 7 are needed"));
      assertThat(script.coordinator.latest(script.plan.id()).version()).isZero();
    } else {
      script.assertCompleted(contributors);
    }
  }

  static Stream<Arguments> dropoutsAtTheFloor() {
    return Stream.of(Suite.CLASSIC, Suite.HYBRID)
        .flatMap(
            suite ->
                Stream.of(
                    Arguments.of(suite, Stage.SHARE_KEYS, 1, true),
                    Arguments.of(suite, Stage.SHARE_KEYS, 2, false),
                    Arguments.of(suite, Stage.INPUT, 1, true),
                    Arguments.of(suite, Stage.INPUT, 2, false),
                    // Whose update is in the sum is settled then: the threshold is enough.
                    Arguments.of(suite, Stage.CONSISTENCY, DROPOUTS_TOLERATED, true),
                    Arguments.of(suite, Stage.CONSISTENCY, DROPOUTS_TOLERATED + 1, false),
                    Arguments.of(suite, Stage.UNMASK, DROPOUTS_TOLERATED, true)));
  }

  @ParameterizedTest(name = "{0}, {2} drop out in {1}")
  @MethodSource("dropoutsAtTheFloor")
  void where_the_plan_asks_for_nine_in_ten_the_sum_is_exact_down_to_them_and_there_is_none_below(
      Suite suite, Stage dropStage, int count, boolean isEnough) {
    script.startAskingForNine(suite);
    int left = SIZE;
    int contributors = 0;
    for (Stage stage : SecureSessionScript.STAGES) {
      if (script.devices.get(0).stage() == Stage.ABORTED) {
        break;
      }
      left = stage == dropStage ? SIZE - count : left;
      script.stage(stage, left);
      contributors = stage == Stage.INPUT ? left : contributors;
    }
    script.coordinator.tick();

    RoundState state = script.coordinator.round(script.plan, 1).state();
    if (isEnough) {
      script.assertCompleted(contributors);
    } else {
      int needed = dropStage == Stage.CONSISTENCY ? 7 : 9;
      assertThat(((RoundState.Abandoned) state).reason())
          .startsWith("only " + (SIZE - count) + " of 10 ")
          .endsWith("stage " + dropStage + " closed, at least " + needed + " are needed");
      assertThat(script.coordinator.latest(script.plan.id()).version()).isZero();
    }
  }

  /** Two that say that they leave are enough to know it; nobody waits for the stage's time. */
  @ParameterizedTest
  @EnumSource(names = {"SHARE_KEYS", "INPUT"})
  void a_session_ends_as_soon_as_too_few_can_be_in_the_sum(Stage stage) {
    script.startAskingForNine(Suite.CLASSIC);
    if (stage == Stage.INPUT) {
      script.stage(Stage.SHARE_KEYS, SIZE);
    }
    script.devices.get(8).abort(0);
    script.coordinator.tick();
    assertThat(script.devices.get(0).stage()).isEqualTo(stage);

    script.devices.get(9).abort(0);
    script.coordinator.tick();

    assertThat(script.devices.get(0).stage()).isEqualTo(Stage.ABORTED);
    assertThat(script.devices.get(0).progress().abortReason())
        .startsWith("only 0 of 10 devices had ")
        .endsWith("at least 9 are needed");
  }

  @Test
  void a_session_that_is_over_has_left_nothing_in_the_log() {
    script.start(Suite.CLASSIC);
    assertThat(script.session().state()).isInstanceOf(SessionState.RosterFrozen.class);
    script.runAll();
    script.coordinator.tick();

    assertThat(script.session().state()).isInstanceOf(SessionState.Summed.class);
    assertThat(script.coordinator.log.sessions()).doesNotContain(script.session().id());
  }
}
