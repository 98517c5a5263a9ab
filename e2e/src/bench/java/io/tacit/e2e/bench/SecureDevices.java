package io.tacit.e2e.bench;

import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.connection.GrpcConnectionSettings;
import io.tacit.client.connection.GrpcCoordinatorConnection;
import io.tacit.client.identity.DeviceIdentity;
import io.tacit.client.model.UserVector;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ArtifactCache;
import io.tacit.client.rounds.Device;
import io.tacit.client.rounds.DeviceTimer;
import io.tacit.client.rounds.LeavingUpdate;
import io.tacit.client.rounds.Pacing;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundParticipant;
import io.tacit.client.rounds.RoundStep;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.UserVectorStore;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Devices as apps have them, but for their training: each brings the same update every time. */
final class SecureDevices implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int CHANNELS = 4;
  private static final int EXAMPLES = 10;
  private static final double LOSS = 0.5;

  private final List<RoundParticipant> devices;
  private final CoordinatorConnection connection;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private SecureDevices(List<RoundParticipant> devices, CoordinatorConnection connection) {
    this.devices = devices;
    this.connection = connection;
  }

  static SecureDevices make(TrainingPlan plan, int port, Path directory, int count)
      throws IOException {
    CoordinatorConnection connection =
        GrpcCoordinatorConnection.open(
            GrpcConnectionSettings.plaintextForDevelopment("localhost", port)
                .withChannels(CHANNELS));
    ArtifactCache artifacts = new ArtifactCache(256L << 20);
    float[] values = new float[plan.parameters()];
    Arrays.fill(values, (float) (0.5 / Math.sqrt(values.length)));
    ParameterDelta delta = ParameterDelta.dense(values);
    List<RoundParticipant> devices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Device device =
          Device.of(
              DeviceIdentity.of(IdentityKeyPair.generate(RANDOM)),
              new RoundLatch(DeviceStorage.open(directory.resolve("device-" + i))),
              RANDOM);
      devices.add(
          new RoundParticipant(
              ParticipantSettings.of(plan.population(), ClientPolicy.development()),
              device,
              connection,
              artifacts,
              trainer(delta),
              new Pacing(DeviceTimer.system(), RANDOM::nextDouble)));
    }
    return new SecureDevices(devices, connection);
  }

  private static LocalTrainer trainer(ParameterDelta delta) {
    float[] ones = new float[EXAMPLES];
    Arrays.fill(ones, 1);
    return new LocalTrainer(
        (plan, catalogue) -> new ExampleOutcome.Examples(TabularExamples.of(EXAMPLES, ones, ones)),
        task -> new TrainingResult(delta, EXAMPLES, LOSS, null),
        new NoVectors(),
        RANDOM::nextLong,
        0);
  }

  /**
   * All take part in the next round.
   *
   * @param vanishing how many of them are gone when their update should leave
   * @throws IllegalStateException if one of the others did not contribute
   */
  void takePart(int vanishing) throws InterruptedException {
    List<Future<ParticipationOutcome>> participations = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      RoundParticipant device = devices.get(i);
      RoundObserver observer = i < vanishing ? new Vanishing() : RoundObserver.NONE;
      participations.add(threads.submit(() -> participate(device, observer)));
    }
    for (int i = 0; i < devices.size(); i++) {
      try {
        ParticipationOutcome outcome = participations.get(i).get();
        if (!(outcome instanceof ParticipationOutcome.Contributed)) {
          throw new IllegalStateException("a device did not contribute: " + outcome);
        }
      } catch (ExecutionException e) {
        if (i >= vanishing) {
          throw new IllegalStateException("a device failed", e);
        }
      }
    }
  }

  private static ParticipationOutcome participate(RoundParticipant device, RoundObserver observer)
      throws IOException, InterruptedException {
    while (true) {
      ParticipationOutcome outcome = device.participate(observer);
      if (!(outcome instanceof ParticipationOutcome.ComeBackLater later)) {
        return outcome;
      }
      TimeUnit.MILLISECONDS.sleep(later.after().toMillis());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    connection.close();
  }

  /** Is gone, without a word, when its update should leave. */
  private static final class Vanishing implements RoundObserver {

    @Override
    public void reached(RoundId round, RoundStep step) {}

    @Override
    public void leaving(LeavingUpdate update) throws IOException {
      throw new IOException("gone");
    }
  }

  private static final class NoVectors implements UserVectorStore {

    @Override
    public Optional<UserVector> find(PlanId plan) {
      return Optional.empty();
    }

    @Override
    public void keep(PlanId plan, UserVector vector) {}
  }
}
