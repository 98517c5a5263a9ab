package io.tacit.coordinator.rounds;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.session.RoundRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of several shards, and the record of a round. */
class ShardsTest {

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
  void a_shard_that_fails_leaves_the_round_to_the_others() {
    script.plan = script.coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 10, 3));
    List<SecureDevice> all = SecureRounds.joined(script.coordinator, 0, 20);
    script.coordinator.tick();
    List<SecureDevice> lost =
        all.stream().filter(device -> !device.session().equals(all.get(0).session())).toList();
    lost.forEach(device -> device.abort(0));
    script.coordinator.tick();
    assertThat(lost.get(0).progress().abortReason())
        .isEqualTo(
            "only 0 of 10 devices had shared their keys when stage SHARE_KEYS closed, at least 7"
                + " are needed");
    script.devices = all.stream().filter(device -> !lost.contains(device)).toList();
    for (Stage stage : SecureSessionScript.STAGES) {
      script.stage(stage, SIZE);
    }
    script.coordinator.tick();

    assertThat(
            ((RoundState.Completed) script.coordinator.round(script.plan, 1).state())
                .contributors())
        .isEqualTo(SIZE);
    assertThat(lost.get(0).stage()).isEqualTo(Stage.ABORTED);
  }

  @Test
  void a_round_below_its_minimum_says_what_became_of_each_shard() {
    script.plan = script.coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 15, 3));
    script.devices = SecureRounds.joined(script.coordinator, 0, SIZE);
    script.coordinator.tick();
    script.coordinator.pass(Duration.ofSeconds(10));
    for (Stage stage : SecureSessionScript.STAGES) {
      script.stage(stage, SIZE);
    }
    script.coordinator.pass(Duration.ofSeconds(60));

    assertThat(((RoundState.Abandoned) script.coordinator.round(script.plan, 1).state()).reason())
        .startsWith("10 updates were summed, the plan asks for at least 15: shard 1: ")
        .contains("10 updates summed")
        .contains(
            "0 devices had joined when the time to train was over, the plan asks for at least 10");
    assertThat(script.devices.get(0).stage()).isEqualTo(Stage.ABORTED);
  }

  @Test
  void the_record_of_a_round_holds_what_was_published_and_names_the_one_before() {
    script.start(Suite.CLASSIC);
    script.runAll();
    RoundState.Completed first =
        (RoundState.Completed) script.coordinator.round(script.plan, 1).state();
    RoundRecord record = record(first);

    assertThat(record.previous()).isEmpty();
    assertThat(record.newModel()).isEqualTo(script.coordinator.latest(script.plan.id()).hash());
    assertThat(record.sessions()).hasSize(1);
    assertThat(record.sessions().get(0).survivors().u3()).isEqualTo(MemberSet.all(SIZE));
    assertThat(record.flaw(new IdentityKeyCache(SIZE))).isEmpty();
    assertThat(script.devices.get(0).progress().recordHash()).isEqualTo(first.record());

    script.coordinator.tick();
    List<SecureDevice> next = new ArrayList<>();
    for (int number = 0; number < SIZE; number++) {
      SecureDevice device = new SecureDevice(script.coordinator.coordinator, number, 2);
      device.join();
      next.add(device);
    }
    script.coordinator.tick();
    script.devices = next;
    script.runAll();
    RoundRecord second =
        record((RoundState.Completed) script.coordinator.round(script.plan, 2).state());
    assertThat(second.previous()).contains(record.hash());
    assertThat(second.baseModel()).isEqualTo(record.newModel());
  }

  private RoundRecord record(RoundState.Completed completed) {
    ContentHash hash = requireNonNull(completed.record());
    return RoundRecord.fromBytes(
        script.coordinator.coordinator.artifacts().read(hash).orElseThrow());
  }

  @Test
  void reporter_and_accused_do_not_meet_in_the_next_round() {
    script.plan = script.coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 10, 3));
    List<SecureDevice> all = SecureRounds.joined(script.coordinator, 0, 20);
    script.coordinator.tick();
    List<SecureDevice> shard =
        all.stream().filter(device -> device.session().equals(all.get(0).session())).toList();
    shard.forEach(SecureDevice::hear);
    SecureDevice reporter = shard.get(0);
    SecureDevice accused = shard.get(1);
    reporter.abort(accused.index());
    all.forEach(device -> device.abort(0));
    script.coordinator.tick();
    script.coordinator.tick();
    assertThat(script.coordinator.round(script.plan, 2).state()).isEqualTo(new RoundState.Open());

    assertThat(reporter.offered()).isTrue();
    assertThat(accused.offered()).isTrue();
    assertThat(accused.session()).isNotEqualTo(reporter.session());
  }
}
