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
import io.tacit.client.rounds.Pacing;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.rounds.ParticipationOutcome;
import io.tacit.client.rounds.RoundObserver;
import io.tacit.client.rounds.RoundParticipant;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.LocalTrainer;
import io.tacit.client.training.ParameterDelta;
import io.tacit.client.training.TabularExamples;
import io.tacit.client.training.TrainingResult;
import io.tacit.client.training.UserVectorStore;
import io.tacit.protocol.PlanId;
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
  private final int vanishing;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private SecureDevices(
      List<RoundParticipant> devices, CoordinatorConnection connection, int vanishing) {
    this.devices = devices;
    this.connection = connection;
    this.vanishing = vanishing;
  }

  /**
   * Makes devices.
   *
   * @param vanishing how many of them vanish in each round, when they have shared their keys
   */
  static SecureDevices make(TrainingPlan plan, int port, Path directory, int count, int vanishing)
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
              i < vanishing ? new VanishingConnection(connection) : connection,
              artifacts,
              trainer(delta),
              new Pacing(DeviceTimer.system(), RANDOM::nextDouble)));
    }
    return new SecureDevices(devices, connection, vanishing);
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
   * @throws IllegalStateException if one did not contribute that does not vanish
   */
  void takePart() throws InterruptedException {
    List<Future<ParticipationOutcome>> participations = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      RoundParticipant device = devices.get(i);
      participations.add(threads.submit(() -> participate(device)));
    }
    for (int i = 0; i < devices.size(); i++) {
      try {
        ParticipationOutcome outcome = participations.get(i).get();
        if (i >= vanishing && !(outcome instanceof ParticipationOutcome.Contributed)) {
          throw new IllegalStateException("a device did not contribute: " + outcome);
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("a device failed", e);
      }
    }
  }

  private static ParticipationOutcome participate(RoundParticipant device)
      throws IOException, InterruptedException {
    while (true) {
      ParticipationOutcome outcome = device.participate(RoundObserver.NONE);
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

  private static final class NoVectors implements UserVectorStore {

    @Override
    public Optional<UserVector> find(PlanId plan) {
      return Optional.empty();
    }

    @Override
    public void keep(PlanId plan, UserVector vector) {}
  }
}
