package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.aggregation.UploadStart;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices that vanish from a secure session without a word, long before a stage's time is over. */
class SilentDevicesTest {

  private static final int SIZE = SecureSessionScript.SIZE;

  /** A quarter of a stage's 20 s, in the two stages in which devices work. */
  private static final Duration LONG_SILENCE = Duration.ofSeconds(5);

  /** A tenth of them, in the other two. */
  private static final Duration SHORT_SILENCE = Duration.ofSeconds(2);

  private static final Duration MOMENT = Duration.ofMillis(1);

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

  private Stage stage() {
    return script.devices.get(0).stage();
  }

  private void passAlmost(Duration silence) {
    script.coordinator.pass(silence.minus(MOMENT));
  }

  /** All before the stage have answered theirs. */
  private void reach(Stage stage) {
    script.start(Suite.CLASSIC);
    for (Stage before : SecureSessionScript.STAGES) {
      if (before == stage) {
        return;
      }
      script.stage(before, SIZE);
    }
  }

  static Stream<Arguments> stages() {
    return Stream.of(
        // One of the three that the session can lose is left for later.
        Arguments.of(Stage.SHARE_KEYS, 2, LONG_SILENCE),
        Arguments.of(Stage.INPUT, 2, LONG_SILENCE),
        Arguments.of(Stage.CONSISTENCY, 3, SHORT_SILENCE),
        Arguments.of(Stage.UNMASK, 3, SHORT_SILENCE));
  }

  @ParameterizedTest(name = "{1} vanish in {0}")
  @MethodSource("stages")
  void a_stage_goes_on_when_the_rest_is_silent(Stage silentIn, int vanishing, Duration silence) {
    reach(silentIn);
    script.answer(silentIn, SIZE - vanishing);
    passAlmost(silence);
    assertThat(stage()).isEqualTo(silentIn);

    script.coordinator.pass(MOMENT);
    script.devices = script.devices.subList(0, SIZE - vanishing);
    for (Stage after : SecureSessionScript.STAGES) {
      if (after.number() > silentIn.number()) {
        assertThat(stage()).isEqualTo(after);
        script.stage(after, SIZE - vanishing);
      }
    }
    script.coordinator.tick();

    script.assertCompleted(silentIn.number() <= Stage.INPUT.number() ? SIZE - vanishing : SIZE);
  }

  @ParameterizedTest(name = "{1} and one more vanish in {0}")
  @MethodSource("stages")
  void a_stage_that_has_lost_too_many_waits_for_its_time(
      Stage silentIn, int vanishing, Duration silence) {
    reach(silentIn);
    script.answer(silentIn, SIZE - vanishing - 1);
    script.coordinator.pass(SecureSessionScript.STAGE.minus(MOMENT));

    assertThat(stage()).isEqualTo(silentIn);
    script.coordinator.pass(MOMENT);
    assertThat(stage()).isNotEqualTo(silentIn);
  }

  /** With nine of ten to be in the sum, the one that may be lost is the reserve for INPUT. */
  @Test
  void where_the_plan_asks_for_more_survivors_silence_does_not_cut_below_them() {
    script.startAskingForNine(Suite.CLASSIC);
    script.answer(Stage.SHARE_KEYS, SIZE - 1);
    script.coordinator.pass(SecureSessionScript.STAGE.minus(MOMENT));
    assertThat(stage())
        .as("the last one that may be lost is waited for")
        .isEqualTo(Stage.SHARE_KEYS);
    script.devices.get(SIZE - 1).hear();
    script.devices.get(SIZE - 1).share();
    script.coordinator.tick();

    script.answer(Stage.INPUT, SIZE - 2);
    script.coordinator.pass(LONG_SILENCE);
    assertThat(stage()).as("eight are enough for the threshold only").isEqualTo(Stage.INPUT);
    SecureDevice slow = script.devices.get(SIZE - 2);
    slow.hear();
    slow.upload(script.update(SIZE - 2));
    passAlmost(LONG_SILENCE);
    assertThat(stage()).isEqualTo(Stage.INPUT);
    script.coordinator.pass(MOMENT);

    script.devices = script.devices.subList(0, SIZE - 1);
    script.stage(Stage.CONSISTENCY, SIZE - 1);
    script.stage(Stage.UNMASK, SIZE - 1);
    script.coordinator.tick();
    script.assertCompleted(SIZE - 1);
  }

  @Test
  void each_answer_begins_the_silence_anew() {
    reach(Stage.INPUT);
    script.answer(Stage.INPUT, SIZE - 2);
    passAlmost(LONG_SILENCE);
    SecureDevice slow = script.devices.get(SIZE - 2);
    slow.hear();
    slow.upload(script.update(SIZE - 2));
    passAlmost(LONG_SILENCE);
    assertThat(stage()).isEqualTo(Stage.INPUT);

    script.coordinator.pass(MOMENT);
    script.devices = script.devices.subList(0, SIZE - 1);
    script.stage(Stage.CONSISTENCY, SIZE - 1);
    script.stage(Stage.UNMASK, SIZE - 1);
    script.coordinator.tick();
    script.assertCompleted(SIZE - 1);
  }

  @Test
  void a_device_whose_update_is_coming_in_is_not_silent() {
    reach(Stage.INPUT);
    script.answer(Stage.INPUT, SIZE - 1);
    SecureDevice slow = script.devices.get(SIZE - 1);
    slow.hear();
    byte[] masked = slow.masked(script.update(SIZE - 1));
    UploadAdmission.Admitted admitted = (UploadAdmission.Admitted) slow.admission(masked);
    UploadStart.Ready ready = (UploadStart.Ready) ScriptedDevice.get(admitted.resume());
    int chunk = masked.length / 4;
    for (int from = 0; from + chunk < masked.length; from += chunk) {
      passAlmost(LONG_SILENCE);
      assertThat(stage()).isEqualTo(Stage.INPUT);
      ScriptedDevice.get(ready.upload().write(from, ByteBuffer.wrap(masked, from, chunk)));
      admitted.goesOn();
    }
    passAlmost(LONG_SILENCE);

    assertThat(stage()).isEqualTo(Stage.INPUT);
    script.coordinator.pass(MOMENT);
    assertThat(stage()).isEqualTo(Stage.CONSISTENCY);
  }

  @Test
  void after_a_restart_silence_begins_when_devices_have_had_time_to_come_back() {
    reach(Stage.INPUT);
    script.answer(Stage.INPUT, SIZE - 1);
    script.restart();
    Duration grace = TestCoordinator.SETTINGS.restartGrace();
    script.coordinator.pass(grace.minus(MOMENT));

    assertThat(stage()).isEqualTo(Stage.INPUT);
    SecureDevice back = script.devices.get(SIZE - 1);
    back.hear();
    back.upload(script.update(SIZE - 1));
    script.coordinator.tick();
    script.stage(Stage.CONSISTENCY, SIZE);
    script.stage(Stage.UNMASK, SIZE);
    script.coordinator.tick();
    script.assertCompleted(SIZE);
  }
}
