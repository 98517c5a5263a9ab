package io.tacit.client.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.storage.StoredUserVectors;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.ExampleSource;
import io.tacit.client.training.InteractionExamples;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TrainingResult;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.encoding.MeanUpdate;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device that takes part in a scripted round over a real connection, with real files and a clock
 * that does not make it wait.
 */
@Timeout(60)
abstract class ParticipantFixture {

  static final ContentHash NEW_MODEL = ScriptedRound.NEW_MODEL;
  static final ClientPolicy DEVELOPMENT = ClientPolicy.development();

  @TempDir Path directory;

  final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  final ScriptedRound script = new ScriptedRound(coordinator);
  final CoordinatorConnection connection = coordinator.connect();
  final FakeTimer timer = new FakeTimer();
  final AtomicInteger trainings = new AtomicInteger();
  ArtifactCache cache = new ArtifactCache(1 << 20);

  ExampleSource examples =
      (plan, catalogue) -> new ExampleOutcome.Examples(InteractionExamples.of(new int[] {0, 1, 2}));

  Runnable whileTraining = () -> {};

  /** Holds back item 2 of items 0 to 2, where the plan holds back half. */
  long salt = 1;

  @BeforeEach
  void script() {
    script.offer(TestPlans.twoTower(), 1);
  }

  @AfterEach
  void close() {
    connection.close();
    coordinator.close();
  }

  RoundParticipant participant() throws IOException {
    return participant(DEVELOPMENT);
  }

  /** As a new process of the same device would make it. */
  RoundParticipant participant(ClientPolicy policy) throws IOException {
    DeviceStorage storage = DeviceStorage.open(directory);
    SecureRandom random = new SecureRandom();
    LocalTrainer trainer =
        new LocalTrainer(
            examples,
            task -> {
              trainings.incrementAndGet();
              whileTraining.run();
              float[] delta = new float[task.start().size()];
              Arrays.fill(delta, 0.5f);
              return new TrainingResult(ParameterDelta.dense(delta), 3, 0.25, null);
            },
            new StoredUserVectors(storage),
            random::nextLong,
            salt);
    return new RoundParticipant(
        ParticipantSettings.of(TestPlans.POPULATION, policy),
        Device.of(DeviceIdentity.openOrCreate(storage, random), new RoundLatch(storage), random),
        connection,
        cache,
        trainer,
        new Pacing(timer, () -> 0));
  }

  static RoundId round(long number) {
    return new RoundId(TestPlans.ID, number);
  }

  MeanUpdate uploaded(TrainingPlan plan) {
    return plan.updateFormat().decode(uploadedLanes());
  }

  int[] uploadedLanes() {
    byte[] bytes = coordinator.uploaded();
    int[] lanes = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(lanes);
    return lanes;
  }

  void assertNothingLeftTheDevice() {
    assertThat(coordinator.calls()).noneMatch(call -> call.startsWith("upload"));
    assertThat(coordinator.uploaded()).isEmpty();
  }

  RoundLatch latch() {
    try {
      return new RoundLatch(DeviceStorage.open(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isOpen(long number) {
    try {
      return latch().isOpen(round(number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
