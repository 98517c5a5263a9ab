package io.tacit.coordinator.rounds;

import static io.tacit.coordinator.rounds.ScriptedDevice.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.aggregation.ChunkOutcome;
import io.tacit.coordinator.aggregation.PartialUpload;
import io.tacit.coordinator.aggregation.UploadStart;
import io.tacit.coordinator.sessions.Refusal;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.coordinator.sessions.UploadAdmission;
import io.tacit.coordinator.sessions.UploadState;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may bring an update, when, and of what length. */
class UploadAdmissionTest {

  @TempDir Path directory;

  private TestCoordinator coordinator;
  private TrainingPlan plan;
  private List<ScriptedDevice> devices;

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.in(directory);
    plan = coordinator.apply(TestCoordinator.plan("a", 1, 3, 2, 3));
    devices = coordinator.joined(0, 3);
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  private byte[] update(int number) {
    return Updates.update(plan, 1, number);
  }

  @Test
  void refuses_updates_before_the_roster_froze() {
    assertThat(devices.get(0).upload(update(0)))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the session is at stage ADVERTISE and takes no updates; await its next stage"));
  }

  @Test
  void refuses_a_wrong_ticket_and_clients_that_did_not_join() {
    coordinator.tick();
    ScriptedDevice device = devices.get(0);
    byte[] bytes = update(0);
    ContentHash hash = ContentHash.of(bytes);
    Refusal refusal =
        new Refusal(
            Refusal.Reason.NOT_ON_ROSTER,
            "the ticket is not that of a client on the roster of this session; advertise first");

    for (byte[] ticket : List.of(devices.get(1).ticket(), new byte[32])) {
      assertThat(
              coordinator
                  .sessions()
                  .admitUpload(device.session(), device.id(), ticket, bytes.length, hash))
          .isEqualTo(new UploadAdmission.Denied(refusal));
      assertThat(get(coordinator.sessions().uploadState(device.session(), device.id(), ticket)))
          .isEqualTo(new UploadState.Unavailable(refusal));
    }
  }

  @Test
  void refuses_a_length_that_the_model_does_not_have() {
    coordinator.tick();
    ScriptedDevice device = devices.get(0);

    for (int length : new int[] {0, 103, 105, 108}) {
      assertThat(device.upload(new byte[length]))
          .isEqualTo(
              new Refusal(
                  Refusal.Reason.WRONG_LENGTH,
                  "update has "
                      + length
                      + " bytes, must have 104 for the 10 parameters of plan a; fetch plan and"
                      + " model again"));
    }
    assertThat(device.upload(update(0))).isInstanceOf(SubmitOutcome.Durable.class);
  }

  @Test
  void refuses_bytes_that_are_not_those_announced() {
    coordinator.tick();
    ScriptedDevice device = devices.get(0);
    byte[] bytes = update(0);
    UploadAdmission.Admitted admitted = (UploadAdmission.Admitted) device.admission(bytes);

    assertThat(get(admitted.whole(ByteBuffer.wrap(update(1)))))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.WRONG_DIGEST,
                "update does not have the announced SHA-256; send it again from offset 0"));
    assertThat(get(admitted.whole(ByteBuffer.wrap(bytes, 0, 100))))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.WRONG_LENGTH,
                "update has 100 bytes, must have the announced 104; send it again"));
    assertThat(uploadState(device))
        .isEqualTo(new UploadState.Partial(0, ContentHash.of(new byte[0])));
  }

  @Test
  void the_same_update_again_gives_the_same_answer_and_counts_once() {
    coordinator.tick();
    ScriptedDevice device = devices.get(0);

    assertThat(device.upload(update(0))).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.upload(update(0))).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(uploadState(device)).isInstanceOf(UploadState.Complete.class);
    devices.get(1).upload(update(1));
    coordinator.pass(Duration.ofSeconds(20));

    Round round = coordinator.round(plan, 1);
    assertThat(round.bytesUp()).isEqualTo(2 * 104);
    assertThat(((RoundState.Completed) round.state()).contributors()).isEqualTo(2);
  }

  @Test
  void refuses_another_update_of_the_same_client_and_keeps_the_first() {
    coordinator.tick();
    ScriptedDevice device = devices.get(0);
    device.upload(update(0));

    assertThat(device.upload(update(5)))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.OTHER_BYTES,
                "Other bytes of this client for stage INPUT are stored already; do not repeat."));
    devices.get(1).upload(update(1));
    coordinator.pass(Duration.ofSeconds(20));
    assertThat(coordinator.model(plan.id()))
        .isEqualTo(
            Updates.step(
                    plan,
                    io.tacit.protocol.model.ModelParameters.initial(plan.model()),
                    io.tacit.coordinator.optimiser.OptimiserState.none(),
                    List.of(update(0), update(1)))
                .parameters());
  }

  @Test
  void refuses_a_late_update_and_stores_nothing_of_it() {
    coordinator.tick();
    devices.get(0).upload(update(0));
    devices.get(1).upload(update(1));
    ScriptedDevice late = devices.get(2);
    UploadAdmission.Admitted admitted = (UploadAdmission.Admitted) late.admission(update(2));
    PartialUpload partial = ready(admitted);
    get(partial.write(0, ByteBuffer.wrap(update(2), 0, 50)));
    coordinator.pass(Duration.ofSeconds(20));
    var model = coordinator.latest(plan.id());

    assertThat(late.upload(update(2)))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.SESSION_UNKNOWN,
                "this coordinator has no such session going on; poll again"));
    assertThat(get(admitted.whole(ByteBuffer.wrap(update(2)))))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    coordinator.tick();
    assertThat(coordinator.log.sessions()).doesNotContain(late.session());
    assertThat(get(partial.write(50, ByteBuffer.wrap(update(2), 50, 54))))
        .isNotInstanceOf(ChunkOutcome.Stored.class);
    assertThat(coordinator.latest(plan.id())).isEqualTo(model);
    assertThat(model.clients()).isEqualTo(2);
  }

  @Test
  void tells_how_much_of_an_upload_is_held() {
    coordinator.tick();
    ScriptedDevice device = devices.get(0);
    byte[] bytes = update(0);
    PartialUpload partial = ready((UploadAdmission.Admitted) device.admission(bytes));
    get(partial.write(0, ByteBuffer.wrap(bytes, 0, 40)));

    assertThat(uploadState(device))
        .isEqualTo(new UploadState.Partial(40, ContentHash.of(Arrays.copyOf(bytes, 40))));
  }

  @Test
  void a_partial_upload_is_given_up_ten_minutes_after_its_last_chunk() {
    coordinator.close();
    coordinator = TestCoordinator.in(directory.resolve("long"));
    plan = coordinator.apply(longInput());
    devices = coordinator.joined(0, 3);
    coordinator.tick();
    ScriptedDevice device = devices.get(0);
    byte[] bytes = update(0);
    PartialUpload partial = ready((UploadAdmission.Admitted) device.admission(bytes));
    get(partial.write(0, ByteBuffer.wrap(bytes, 0, 40)));

    coordinator.pass(Duration.ofMinutes(10));
    assertThat(uploadState(device)).isInstanceOf(UploadState.Partial.class);
    assertThat(((UploadState.Partial) uploadState(device)).offset()).isEqualTo(40);

    coordinator.pass(Duration.ofMinutes(1));
    assertThat(((UploadState.Partial) uploadState(device)).offset()).isZero();
    assertThat(device.upload(bytes)).isInstanceOf(SubmitOutcome.Durable.class);
  }

  private static TrainingPlan longInput() {
    TrainingPlan plan = TestCoordinator.plan("b", 1, 3, 2, 3);
    return TestCoordinator.parse(
        """
        id: b
        version: 1
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        cohort: {size: 3, minimum: 2}
        deadlines: {train: 60s, advertise: 10s, input: 1h}
        aggregation: {mode: plain, development: true}
        rounds: %d
        """
            .formatted(plan.rounds()));
  }

  private UploadState uploadState(ScriptedDevice device) {
    return get(coordinator.sessions().uploadState(device.session(), device.id(), device.ticket()));
  }

  private static PartialUpload ready(UploadAdmission.Admitted admitted) {
    return ((UploadStart.Ready) get(admitted.resume())).upload();
  }
}
