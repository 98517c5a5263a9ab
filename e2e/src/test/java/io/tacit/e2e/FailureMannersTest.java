package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.tacit.client.ClientListener;
import io.tacit.client.ClientStatus;
import io.tacit.client.CoordinatorAddress;
import io.tacit.client.Participation;
import io.tacit.client.ParticipationStep;
import io.tacit.client.Storage;
import io.tacit.client.TacitClient;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.ledger.LedgerEntry;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.recommend.Recommendation;
import io.tacit.client.recommend.Recommendations;
import io.tacit.e2e.app.ShopApp;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.ProtocolVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an app sees of a coordinator that is away, strange, or of another mind. */
@Timeout(180)
class FailureMannersTest {

  private static final int EVENTS = 6;
  private static final Duration WITHIN = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void a_coordinator_that_dies_in_the_middle_of_a_round_costs_the_app_nothing() throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory);
        TacitClient client = client("one", coordinator.address(), null)) {
      ShopPlan.apply(coordinator, directory, 1, 2);
      record(client, 1);
      // A device that asks before there is a round is told to come back.
      RunningCoordinator.await("a round to open", WITHIN, () -> roundsOf(coordinator) == 1);
      CompletableFuture<Participation> participation = participateUntilItWaits(client);

      coordinator.kill();
      record(client, 1 + EVENTS);

      assertThat(participation.get().result()).isEqualTo(Participation.Result.NO_CONNECTION);
      ClientStatus status = client.status();
      assertThat(status.state()).isEqualTo(ClientStatus.State.OFFLINE);
      assertThat(status.message()).startsWith("The coordinator can not be reached: ");
      assertThat(status.remedy())
          .isEqualTo(
              "Nothing to do: events are kept, and recommendations begin with the first contact.");
      assertThat(client.ledger().get().entries()).as("nothing had left").isEmpty();

      coordinator.startAgainWith(Map.of("tacit.restart-grace", "1s"));
      try (TacitClient other = client("two", coordinator.address(), null)) {
        record(other, 1);
        CompletableFuture<Void> both = CompletableFuture.runAsync(() -> contribute(other));
        contribute(client);
        both.get();
      }
      assertThatRecommendationsWork(client);
      assertThat(client.ledger().get().entries())
          .extracting(LedgerEntry::result)
          .containsExactly(LedgerEntry.Result.CONTRIBUTED);
      client.close();
      DeviceAfterDeath left =
          DeviceAfterDeath.examine(directory.resolve("one"), directory.resolve("copy"));
      assertThat(left.numbers()).hasSize(2 * EVENTS).isSorted();
    }
  }

  @Test
  void an_app_with_a_model_goes_on_without_its_coordinator_and_takes_part_when_that_is_back()
      throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      ShopPlan.apply(coordinator, directory, 1, 1);
      CoordinatorAddress address = coordinator.address();
      ContentHash downloaded;
      try (TacitClient client = client("one", address, null)) {
        record(client, 1);
        contribute(client);
        downloaded = client.recommend(1).get().model().orElseThrow();

        coordinator.kill();
        goesOnOffline(client, downloaded, 1 + EVENTS);
      }
      ContentHash brought;
      try (TacitClient client = client("one", address, null);
          TacitClient other = clientWithBundle("two", address)) {
        goesOnOffline(client, downloaded, 1 + 2 * EVENTS);
        brought = other.recommend(1).get().model().orElseThrow();
        goesOnOffline(other, brought, 1);

        coordinator.startAgainWith(Map.of("tacit.restart-grace", "1s"));
        takesPartAgain(client, downloaded, 2);
        takesPartAgain(other, brought, 1);
      }
      DeviceAfterDeath left =
          DeviceAfterDeath.examine(directory.resolve("one"), directory.resolve("copy"));
      assertThat(left.numbers()).hasSize(3 * EVENTS).isSorted();
    }
  }

  /** Records, recommends by what was just recorded, and says how things are and what to do. */
  private static void goesOnOffline(TacitClient client, ContentHash model, int firstEvent)
      throws Exception {
    assertThat(client.participate().get().result()).isEqualTo(Participation.Result.NO_CONNECTION);
    record(client, firstEvent);

    Recommendations answer = client.recommend(ShopPlan.ITEMS).get();
    assertThat(answer.model()).contains(model);
    assertThat(answer.basis()).containsExactly(Recommendations.Basis.EVENTS);
    assertThat(answer.items())
        .isNotEmpty()
        .extracting(Recommendation::itemId)
        .doesNotContain(ShopApp.itemOf(firstEvent), ShopApp.itemOf(firstEvent + EVENTS - 1));
    ClientStatus status = client.status();
    assertThat(status.state()).isEqualTo(ClientStatus.State.OFFLINE);
    assertThat(status.message()).startsWith("The coordinator can not be reached: ");
    assertThat(status.remedy())
        .isEqualTo("Nothing to do: recommendations go on, and events are kept.");
  }

  private static void takesPartAgain(TacitClient client, ContentHash before, int contributions)
      throws Exception {
    contribute(client);

    assertThatRecommendationsWork(client);
    assertThat(client.recommend(1).get().model()).isPresent().get().isNotEqualTo(before);
    assertThat(client.ledger().get().entries())
        .hasSize(contributions)
        .extracting(LedgerEntry::result)
        .containsOnly(LedgerEntry.Result.CONTRIBUTED);
  }

  @Test
  void a_plan_that_is_replaced_while_a_device_trains_does_no_harm() throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      ShopPlan.apply(coordinator, directory, 1, 1);
      CompletableFuture<Void> replaced = new CompletableFuture<>();
      ClientListener replacing =
          new ClientListener() {
            @Override
            public void participating(ParticipationStep step) {
              if (step == ParticipationStep.TRAINING && !replaced.isDone()) {
                replaced.complete(null);
                replacePlan(coordinator);
                awaitAbandoned(coordinator);
              }
            }
          };
      try (TacitClient client = client("one", coordinator.address(), replacing)) {
        record(client, 1);
        Participation stale = client.participate().get();
        assertThat(replaced).isDone();
        assertThat(stale.result())
            .isIn(Participation.Result.ROUND_LOST, Participation.Result.NOTHING_TO_DO);
        assertThat(client.status().state()).isEqualTo(ClientStatus.State.WAITING_FOR_MODEL);
        assertThat(client.status().remedy()).isEmpty();
        assertThat(client.ledger().get().entries()).as("nothing has left for nothing").isEmpty();

        contribute(client);

        assertThatRecommendationsWork(client);
        assertThat(client.ledger().get().entries().get(0).planVersion()).isEqualTo(2);
      }
    }
  }

  @Test
  void a_plan_that_ends_is_declined_with_its_reason_and_the_app_goes_on() throws Exception {
    try (RunningCoordinator coordinator = new RunningCoordinator(directory);
        TacitClient client = clientWithBundle("one", coordinator.address())) {
      Instant end = Instant.now().plusSeconds(6).truncatedTo(ChronoUnit.SECONDS);
      ShopPlan.applyUntil(coordinator, directory, 1, end);
      RunningCoordinator.await("a round to open", WITHIN, () -> roundsOf(coordinator) == 1);
      record(client, 1);
      ContentHash model = client.recommend(1).get().model().orElseThrow();
      RunningCoordinator.await("the plan's end", WITHIN, () -> Instant.now().isAfter(end));

      Participation declined = participateUntilOffered(client);

      assertThat(declined)
          .hasToString(
              "DECLINED: This device declines round soak#1: plan soak version 1 ended on "
                  + end
                  + "; its owner must sign a higher version with a later end.");
      assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
      assertThat(client.status().message()).isEqualTo(declined.message());
      record(client, 1 + EVENTS);
      Recommendations answer = client.recommend(1).get();
      assertThat(answer.model()).contains(model);
      assertThat(answer.items()).hasSize(1);
      assertThat(client.ledger().get().entries()).as("nothing has left").isEmpty();
      assertThat(roundsOf(coordinator)).as("no further round is opened").isEqualTo(1);

      ShopPlan.applyUntil(coordinator, directory, 2, end.plus(Duration.ofDays(1)));
      contribute(client);
      assertThatRecommendationsWork(client);
      assertThat(client.ledger().get().entries().get(0).planVersion()).isEqualTo(2);
    }
  }

  /** Applying answers before the conductor has looked at the rounds of the version before. */
  private static void awaitAbandoned(RunningCoordinator coordinator) {
    try {
      RunningCoordinator.await(
          "round 1 to be abandoned", WITHIN, () -> stateOfFirst(coordinator).equals("ABANDONED"));
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for the round", e);
    }
  }

  private static String stateOfFirst(RunningCoordinator coordinator) {
    try {
      return coordinator.api().rounds(ShopPlan.ID, 0, 1).path(0).path("state").asText();
    } catch (Exception e) {
      throw new AssertionError("the coordinator does not list its rounds", e);
    }
  }

  private static int roundsOf(RunningCoordinator coordinator) {
    try {
      return coordinator.api().rounds(ShopPlan.ID, 0, 100).size();
    } catch (Exception e) {
      throw new AssertionError("the coordinator does not list its rounds", e);
    }
  }

  private static Participation participateUntilOffered(TacitClient client) throws Exception {
    Participation last = client.participate().get();
    while (last.result() == Participation.Result.NOTHING_TO_DO) {
      TimeUnit.MILLISECONDS.sleep(Math.min(200, last.nextAfter().toMillis()));
      last = client.participate().get();
    }
    return last;
  }

  private void replacePlan(RunningCoordinator coordinator) {
    try {
      ShopPlan.apply(coordinator, directory, 2, 1);
    } catch (Exception e) {
      throw new AssertionError("the plan was not replaced", e);
    }
  }

  @Test
  void a_coordinator_of_another_protocol_version_asks_for_an_update() throws Exception {
    Server server = coordinatorOfVersion("99");
    try (TacitClient client =
        client("one", CoordinatorAddress.onThisMachine(server.getPort()), null)) {
      record(client, 1);

      Participation participation = client.participate().get();

      assertThat(participation.result()).isEqualTo(Participation.Result.NO_CONNECTION);
      ClientStatus status = client.status();
      assertThat(status.state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
      assertThat(status.message())
          .isEqualTo(
              "App and coordinator speak different versions: the coordinator speaks Tacit protocol"
                  + " version 99, this client version "
                  + ProtocolVersion.CURRENT
                  + "; update the older of the two.");
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }

  private static void assertThatRecommendationsWork(TacitClient client) {
    assertThat(client.status()).hasToString("READY: Recommendations work.");
  }

  // ---- clients ----

  /** Hears of everything on the thread that it happens on. */
  private TacitClient client(
      String name, CoordinatorAddress coordinator, @Nullable ClientListener listener) {
    TacitClient client = builder(name, coordinator).build();
    if (listener != null) {
      client.addListener(listener);
    }
    return client;
  }

  private TacitClient clientWithBundle(String name, CoordinatorAddress coordinator) {
    return builder(name, coordinator).model(ShopPlan.bundle()).build();
  }

  private TacitClient.Builder builder(String name, CoordinatorAddress coordinator) {
    return TacitClient.builder(directory.resolve(name), ShopApp.POPULATION)
        .storage(Storage.encrypted(ShopApp.PASSWORD.toCharArray()))
        .coordinator(coordinator)
        .policy(ClientPolicy.development())
        .executor(Runnable::run);
  }

  private static void record(TacitClient client, int first) throws Exception {
    for (int number = first; number < first + EVENTS; number++) {
      client
          .record(
              BehaviourEvent.of(ShopApp.EVENT, ShopApp.itemOf(number), Instant.now())
                  .with(ShopApp.NUMBER, (double) number))
          .get();
    }
  }

  private static CompletableFuture<Participation> participateUntilItWaits(TacitClient client)
      throws InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    client.addListener(
        new ClientListener() {
          @Override
          public void participating(ParticipationStep step) {
            if (step == ParticipationStep.WAITING) {
              waits.countDown();
            }
          }
        });
    CompletableFuture<Participation> participation =
        client.participate().whenComplete((result, failure) -> waits.countDown());
    waits.await();
    assertThat(participation).as("a participation that waits for others").isNotDone();
    return participation;
  }

  private static void contribute(TacitClient client) {
    Participation participation = client.participate().join();
    while (!participation.hasContributed()) {
      try {
        TimeUnit.MILLISECONDS.sleep(Math.min(200, participation.nextAfter().toMillis()));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      participation = client.participate().join();
    }
  }

  // ---- a stranger ----

  /** Refuses every call, with the version that it speaks. */
  private static Server coordinatorOfVersion(String version) throws Exception {
    return OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
        .fallbackHandlerRegistry(
            new HandlerRegistry() {
              @Override
              public ServerMethodDefinition<?, ?> lookupMethod(
                  String method, @Nullable String authority) {
                return refusing(method, version);
              }
            })
        .build()
        .start();
  }

  private static ServerMethodDefinition<InputStream, InputStream> refusing(
      String method, String version) {
    return ServerMethodDefinition.create(
        MethodDescriptor.<InputStream, InputStream>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build(),
        (call, headers) -> {
          Metadata trailers = new Metadata();
          trailers.put(
              Metadata.Key.of(ProtocolVersion.METADATA_KEY, Metadata.ASCII_STRING_MARSHALLER),
              version);
          call.close(Status.FAILED_PRECONDITION, trailers);
          return new ServerCall.Listener<>() {};
        });
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {

    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return new ByteArrayInputStream(new byte[0]);
    }
  }
}
