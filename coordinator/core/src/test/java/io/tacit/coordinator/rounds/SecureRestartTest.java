package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Secure sessions that go on in another process than they began in. */
class SecureRestartTest {

  private static final int SIZE = SecureSessionScript.SIZE;

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

  @ParameterizedTest(name = "{0}")
  @EnumSource(value = Suite.class, names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void a_restart_at_every_stage_publishes_the_same_bytes_and_goes_on(Suite suite) {
    script.start(suite);
    for (Stage stage : SecureSessionScript.STAGES) {
      Object before = published();
      script.restart();
      assertThat(published()).usingRecursiveComparison().isEqualTo(before);
      script.stage(stage, SIZE);
    }
    script.coordinator.tick();

    script.assertCompleted(SIZE);
  }

  private Object published() {
    return script.devices.get(4).progress();
  }

  @Test
  void a_sum_that_was_found_is_found_again_after_a_restart_and_goes_into_one_model() {
    script.plan = script.coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 10, 3));
    List<SecureDevice> all = SecureRounds.joined(script.coordinator, 0, 20);
    script.coordinator.tick();
    List<SecureDevice> one = new ArrayList<>();
    List<SecureDevice> other = new ArrayList<>();
    for (SecureDevice device : all) {
      (device.session().equals(all.get(0).session()) ? one : other).add(device);
    }
    assertThat(one).hasSize(SIZE);
    assertThat(other).hasSize(SIZE);
    // The first shard is summed; the second has its updates in.
    script.devices = one;
    for (Stage stage : SecureSessionScript.STAGES) {
      script.stage(stage, SIZE);
    }
    assertThat(script.coordinator.round(script.plan, 1).state())
        .isEqualTo(new RoundState.Collecting(20));
    script.coordinator = script.coordinator.restarted();
    all.forEach(device -> device.move(script.coordinator.coordinator));
    script.devices = other;
    for (Stage stage : SecureSessionScript.STAGES) {
      script.stage(stage, SIZE);
    }
    script.coordinator.tick();

    assertThat(script.coordinator.round(script.plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Completed.class,
            completed -> {
              assertThat(completed.contributors()).isEqualTo(20);
              assertThat(completed.rosterSize()).isEqualTo(20);
            });
    assertThat(script.coordinator.latest(script.plan.id()).version()).isEqualTo(1);
    assertThat(one.get(0).stage()).isEqualTo(Stage.COMPLETED);
  }
}
