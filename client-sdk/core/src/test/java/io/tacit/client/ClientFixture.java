package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.ByteString;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommendations;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.ComeBack;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.PollResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients as an app sees them, with real files and a scripted coordinator on a real socket. */
@Timeout(60)
abstract class ClientFixture {

  static final TrainingPlan PLAN = TestPlans.twoTower();
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path directory;

  final List<TacitClient> clients = new ArrayList<>();
  final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  final ScriptedRound script = new ScriptedRound(coordinator);

  @AfterEach
  void close() {
    clients.forEach(TacitClient::close);
    coordinator.close();
  }

  TacitClient.Builder builder() {
    return TacitClient.builder(directory.resolve("client"), TestPlans.POPULATION)
        .storage(Storage.encrypted("a password".toCharArray()))
        .policy(ClientPolicy.development());
  }

  TacitClient start(TacitClient.Builder builder) {
    TacitClient client = builder.build();
    clients.add(client);
    return client;
  }

  TacitClient online() {
    return start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Biases make e the best, then d, c, b, a. */
  static ModelParameters byBias() {
    float[] values = new float[PLAN.parameters()];
    for (int item = 0; item < 6; item++) {
      values[12 + item] = item;
    }
    return ModelParameters.copyOf(values);
  }

  static BundledModel bundle() {
    byte[] model = byBias().toBytes();
    return BundledModel.of(
        PLAN.toBytes(), TestPlans.catalogue().toBytes(), model, ContentHash.of(model).toHex());
  }

  void announce(ModelParameters model, int version) {
    announce(PLAN.toBytes(), model, version);
  }

  void announce(byte[] plan, ModelParameters model, int version) {
    ContentHash hash = coordinator.publish(model.toBytes());
    coordinator.publish(TestPlans.catalogue().toBytes());
    ContentHash planHash = coordinator.publish(plan);
    coordinator.onCurrentModels =
        request ->
            CurrentModelsResponse.newBuilder()
                .addModels(
                    CurrentModel.newBuilder()
                        .setPlanId(PLAN.id().value())
                        .setPlanVersion(PLAN.version())
                        .setPlanHash(ByteString.copyFrom(planHash.toBytes()))
                        .setModelVersion(version)
                        .setModelHash(ByteString.copyFrom(hash.toBytes())))
                .build();
  }

  void nothingToDo() {
    coordinator.onPoll =
        request ->
            PollResponse.newBuilder()
                .setComeBack(
                    ComeBack.newBuilder()
                        .setAfterMillis(7_000)
                        .setReason(ComeBackReason.COME_BACK_REASON_NO_ROUND))
                .build();
  }

  static void click(TacitClient client, String... items) {
    for (String item : items) {
      get(client.record(BehaviourEvent.click(item, NOW)));
    }
  }

  static List<String> ids(Recommendations recommendations) {
    return recommendations.items().stream()
        .map(Recommendation::itemId)
        .collect(Collectors.toList());
  }
}
