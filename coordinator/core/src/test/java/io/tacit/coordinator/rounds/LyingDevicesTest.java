package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices of a secure session that hand in what no honest one would. */
class LyingDevicesTest {

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

  @Test
  void liars_are_corrected_and_the_sum_is_exact() {
    script.start(Suite.HYBRID);
    script.devices.get(3).lies = true;
    script.stage(Stage.SHARE_KEYS, SIZE);
    script.stage(Stage.INPUT, SIZE - 1);
    script.stage(Stage.CONSISTENCY, SIZE - 1);
    script.stage(Stage.UNMASK, SIZE - 1);
    script.coordinator.tick();

    script.assertCompleted(SIZE - 1);
  }

  @Test
  void too_many_liars_end_the_session_and_leave_the_model() {
    script.start(Suite.CLASSIC);
    for (int liar : new int[] {1, 4}) {
      script.devices.get(liar).lies = true;
    }
    script.runAll();

    assertThat(((RoundState.Abandoned) script.coordinator.round(script.plan, 1).state()).reason())
        .startsWith("the sum can not be unmasked: more than 1 of 10 shares of member ")
        .endsWith(" are wrong");
    assertThat(script.coordinator.latest(script.plan.id()).version()).isZero();
  }

  @Test
  void a_commitment_to_another_secret_ends_the_session_and_names_the_member() {
    script.start(Suite.CLASSIC);
    SecureDevice liar = script.devices.get(2);
    liar.commitsToAnother = true;
    script.runAll();

    assertThat(((RoundState.Abandoned) script.coordinator.round(script.plan, 1).state()).reason())
        .isEqualTo(
            "the sum can not be unmasked: the self mask of member "
                + liar.index()
                + " is not the one that it committed to");
  }

  @Test
  void a_huge_update_quarantines_its_shard() {
    script.start(Suite.CLASSIC);
    byte[] huge = script.update(0);
    for (int at = 64; at < huge.length; at += 4) {
      huge[at + 3] = 0x7f;
    }
    SecureRounds.each(script.devices, (device, number) -> device.share());
    script.coordinator.tick();
    SecureRounds.each(
        script.devices,
        (device, number) -> device.upload(number == 0 ? huge : script.update(number)));
    script.coordinator.tick();
    script.stage(Stage.CONSISTENCY, SIZE);
    script.stage(Stage.UNMASK, SIZE);
    script.coordinator.tick();

    assertThat(((RoundState.Abandoned) script.coordinator.round(script.plan, 1).state()).reason())
        .startsWith(
            "quarantined, it can not come from honest devices: its sum is longer than the ");
    assertThat(script.coordinator.latest(script.plan.id()).version()).isZero();
  }

  @Test
  void an_update_that_counts_twice_quarantines_its_shard() {
    script.start(Suite.CLASSIC);
    byte[] twice = script.update(0);
    twice[0] = 2;
    SecureRounds.each(script.devices, (device, number) -> device.share());
    script.coordinator.tick();
    SecureRounds.each(
        script.devices,
        (device, number) -> device.upload(number == 0 ? twice : script.update(number)));
    script.coordinator.tick();
    script.stage(Stage.CONSISTENCY, SIZE);
    script.stage(Stage.UNMASK, SIZE);
    script.coordinator.tick();

    assertThat(((RoundState.Abandoned) script.coordinator.round(script.plan, 1).state()).reason())
        .isEqualTo(
            "quarantined, it can not come from honest devices: its sum counts 11 devices but 10"
                + " have brought an update");
  }
}
