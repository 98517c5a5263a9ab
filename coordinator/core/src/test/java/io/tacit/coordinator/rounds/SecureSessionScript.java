package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.sessions.Session;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A secure session of ten devices that a test takes from stage to stage. */
final class SecureSessionScript {

  static final int SIZE = 10;

  /** t = 7, so that three may drop out. */
  static final int DROPOUTS_TOLERATED = 3;

  /** What the plan gives each stage. */
  static final Duration STAGE = Duration.ofSeconds(20);

  static final List<Stage> STAGES =
      List.of(Stage.SHARE_KEYS, Stage.INPUT, Stage.CONSISTENCY, Stage.UNMASK);

  TestCoordinator coordinator;
  TrainingPlan plan = SecureRounds.plan("s", Suite.CLASSIC, SIZE, SIZE, 7, 3);

  /** Those who are still there. */
  List<SecureDevice> devices = List.of();

  private SecureSessionScript(TestCoordinator coordinator) {
    this.coordinator = coordinator;
  }

  static SecureSessionScript in(Path directory) {
    return new SecureSessionScript(TestCoordinator.in(directory));
  }

  /** Up to the frozen roster. */
  void start(Suite suite) {
    start(SecureRounds.plan("s", suite, SIZE, SIZE, 7, 3));
  }

  /** The same where nine of the ten must be in the sum, so that one may drop out before. */
  void startAskingForNine(Suite suite) {
    start(SecureRounds.plan("s", suite, SIZE, SIZE, 7, 3, ", survivors-percent: 90"));
  }

  private void start(TrainingPlan applied) {
    plan = coordinator.apply(applied);
    devices = SecureRounds.joined(coordinator, 0, SIZE);
    coordinator.tick();
  }

  /** Another process takes over. */
  void restart() {
    coordinator = coordinator.restarted();
    devices.forEach(device -> device.move(coordinator.coordinator));
  }

  byte[] update(int number) {
    return SecureRounds.update(plan, 1, number);
  }

  Session session() {
    return coordinator.session(plan, 1);
  }

  /**
   * The first of them answer a stage, the others have gone without a word, until its time is over.
   */
  void stage(Stage stage, int answering) {
    answer(stage, answering);
    if (answering < devices.size()) {
      coordinator.pass(STAGE);
    }
    devices = devices.subList(0, answering);
  }

  /** The first of them answer a stage. */
  void answer(Stage stage, int answering) {
    SecureRounds.each(
        devices.subList(0, answering),
        (device, number) ->
            switch (stage) {
              case SHARE_KEYS -> device.share();
              case INPUT -> device.upload(update(number));
              case CONSISTENCY -> device.sign();
              case UNMASK -> device.reveal();
              default -> throw new AssertionError(stage);
            });
    coordinator.tick();
  }

  /** All answer all stages. */
  void runAll() {
    for (Stage stage : STAGES) {
      stage(stage, devices.size());
    }
    coordinator.tick();
  }

  /** The round has the model that the updates of the first devices make. */
  void assertCompleted(int contributors) {
    List<byte[]> updates = IntStream.range(0, contributors).mapToObj(this::update).toList();
    var expected =
        Updates.step(plan, ModelParameters.initial(plan.model()), OptimiserState.none(), updates);
    assertThat(coordinator.round(plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Completed.class,
            completed -> assertThat(completed.contributors()).isEqualTo(contributors));
    assertThat(coordinator.model(plan.id())).isEqualTo(expected.parameters());
    assertThat(devices.get(0).stage()).isEqualTo(Stage.COMPLETED);
  }
}
