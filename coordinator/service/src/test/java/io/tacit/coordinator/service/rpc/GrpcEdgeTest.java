package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadProgress;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A round as devices meet it over gRPC, and calls that wait for it. */
@QuarkusTest
class GrpcEdgeTest extends EdgeFixture {

  /** 205 601 parameters: an update of four chunks. */
  private static final String BIG_MODEL =
      """
      model: {kind: tabular, layers: [{units: 400, activation: relu}, {units: 1, activation: sigmoid}]}
      features: {label: bought, list: [{name: query, hashed-text: {buckets: 512, ngram-length: 3}}]}
      """;

  private static final String SMALL_MODEL =
      """
      model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
      features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
      """;

  private TrainingPlan apply(String id, int version, String model, int size, int minimum) {
    TrainingPlan plan =
        PlanFile.parse(
            """
            id: %s
            version: %d
            population: %s
            %scohort: {size: %d, minimum: %d}
            deadlines: {train: 60s, advertise: 60s, input: 60s}
            aggregation: {mode: plain, development: true}
            rounds: 1
            """
                .formatted(id, version, id, model, size, minimum),
            new CatalogueLookup() {
              @Override
              public Optional<Catalogue> find(ContentHash hash) {
                return Optional.empty();
              }

              @Override
              public Optional<Catalogue> file(String path) {
                return Optional.empty();
              }
            });
    coordinator.plans().apply(plan);
    return plan;
  }

  private static byte[] update(TrainingPlan plan, int seed) {
    int[] lanes = new Random(seed).ints(16 + plan.parameters(), -1000, 1000).toArray();
    Arrays.fill(lanes, 0, 16, 0);
    lanes[0] = 1;
    lanes[1] = 1 << 16;
    ByteBuffer bytes = ByteBuffer.allocate(4 * lanes.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(lanes);
    return bytes.array();
  }

  @Test
  void a_round_over_grpc_publishes_the_mean_of_updates_of_several_chunks() throws Exception {
    TrainingPlan plan = apply("grpc-round", 1, BIG_MODEL, 3, 3);
    List<GrpcDevice> devices = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      GrpcDevice device = device("grpc-round");
      assertThat(device.join().hasAccepted()).isTrue();
      devices.add(device);
    }
    for (int i = 0; i < 3; i++) {
      AwaitResponse roster = devices.get(i).await(Stage.STAGE_ADVERTISE);
      assertThat(roster.getState().getStage()).isEqualTo(Stage.STAGE_INPUT);
      assertThat(roster.getState().getRosterSize()).isEqualTo(3);
      // The stream ends right behind its last chunk, while that is still being written.
      assertThat(devices.get(i).upload(update(plan, i), 0).hasAccepted()).isTrue();
    }
    for (GrpcDevice device : devices) {
      AwaitResponse end = device.await(Stage.STAGE_INPUT);
      assertThat(end.getState().getStage()).isEqualTo(Stage.STAGE_COMPLETED);
      assertThat(end.getState().getContributors()).isEqualTo(3);
      assertThat(end.getState().getNewModelHash())
          .isEqualTo(
              ByteString.copyFrom(
                  coordinator.models().latest(plan.id()).orElseThrow().hash().toBytes()));
    }
    PollResponse over = devices.get(0).poll();
    assertThat(over.hasComeBack()).isTrue();
  }

  @Test
  void an_upload_resumes_where_it_was_cut_and_survives_mistakes() throws Exception {
    TrainingPlan plan = apply("grpc-resume", 1, BIG_MODEL, 1, 1);
    GrpcDevice device = device("grpc-resume");
    device.join();
    device.await(Stage.STAGE_ADVERTISE);
    byte[] update = update(plan, 1);
    int chunk = WireLimits.CHUNK_BYTES_MAX;

    // Cut after the first chunk of exactly 256 KiB.
    GrpcDevice.UploadCall cut = device.begin();
    cut.requests.onNext(
        UploadChunk.newBuilder()
            .setHeader(device.header(update, 0))
            .setData(ByteString.copyFrom(update, 0, chunk))
            .build());
    waitUntilHeld(device, chunk);
    assertThat(device.status().getProgress())
        .isEqualTo(
            UploadProgress.newBuilder()
                .setOffset(chunk)
                .setSha256SoFar(
                    ByteString.copyFrom(ContentHash.of(Arrays.copyOf(update, chunk)).toBytes()))
                .build());
    cut.requests.cancel("the phone went into a tunnel", null);

    // Going on at the wrong place.
    assertThat(device.upload(update, 2 * chunk).getRefused().getReason())
        .isEqualTo(RefusalReason.REFUSAL_REASON_WRONG_OFFSET);

    // Ended too early: what came stays.
    GrpcDevice.UploadCall early = device.begin();
    early.requests.onNext(
        UploadChunk.newBuilder()
            .setHeader(device.header(update, chunk))
            .setData(ByteString.copyFrom(update, chunk, chunk))
            .build());
    early.requests.onCompleted();
    var missing = early.answer.get(30, TimeUnit.SECONDS).getRefused();
    assertThat(missing.getReason()).isEqualTo(RefusalReason.REFUSAL_REASON_WRONG_LENGTH);
    assertThat(missing.getDetail())
        .isEqualTo(
            "Only " + 2 * chunk + " of " + update.length + " bytes have arrived; send the rest.");

    // A newer stream takes over from one that is still open.
    GrpcDevice.UploadCall old = device.begin();
    old.requests.onNext(
        UploadChunk.newBuilder()
            .setHeader(device.header(update, 2L * chunk))
            .setData(ByteString.copyFrom(update, 2 * chunk, 1000))
            .build());
    waitUntilHeld(device, 2 * chunk + 1000);
    assertThat(device.upload(update, 2 * chunk + 1000).hasAccepted()).isTrue();
    old.requests.onNext(
        UploadChunk.newBuilder().setData(ByteString.copyFrom(update, 0, 10)).build());
    assertThat(old.answer.get(30, TimeUnit.SECONDS).getRefused().getReason())
        .isIn(RefusalReason.REFUSAL_REASON_SUPERSEDED, RefusalReason.REFUSAL_REASON_STAGE_CLOSED);

    assertThat(device.await(Stage.STAGE_INPUT).getState().getContributors()).isEqualTo(1);
  }

  private static void waitUntilHeld(GrpcDevice device, long offset) {
    while (device.status().getProgress().getOffset() < offset) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void bytes_that_are_not_those_announced_are_dropped() throws Exception {
    TrainingPlan plan = apply("grpc-digest", 1, BIG_MODEL, 1, 1);
    GrpcDevice device = device("grpc-digest");
    device.join();
    device.await(Stage.STAGE_ADVERTISE);
    byte[] update = update(plan, 1);

    GrpcDevice.UploadCall call = device.begin();
    call.send(device.header(update(plan, 2), 0), update, 0);
    call.requests.onCompleted();

    assertThat(call.answer.get(30, TimeUnit.SECONDS).getRefused().getReason())
        .isEqualTo(RefusalReason.REFUSAL_REASON_WRONG_DIGEST);
    assertThat(device.status().getProgress().getOffset()).isZero();
    assertThat(device.upload(update, 0).hasAccepted()).isTrue();
  }

  @Test
  void five_hundred_calls_that_wait_take_no_thread_each() throws Exception {
    apply("grpc-await", 1, SMALL_MODEL, 2, 2);
    GrpcDevice device = device("grpc-await");
    device.join();
    int before = ManagementFactory.getThreadMXBean().getThreadCount();
    int heldBefore = coordinator.sessions().awaitCallsHeld();
    CountDownLatch answered = new CountDownLatch(500);
    List<AwaitResponse> answers = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 500; i++) {
      RoundsGrpc.newStub(channel)
          .await(
              device.awaitRequest(Stage.STAGE_ADVERTISE),
              new StreamObserver<>() {
                @Override
                public void onNext(AwaitResponse response) {
                  answers.add(response);
                }

                @Override
                public void onError(Throwable failure) {
                  answered.countDown();
                }

                @Override
                public void onCompleted() {
                  answered.countDown();
                }
              });
    }
    while (coordinator.sessions().awaitCallsHeld() < heldBefore + 500) {
      LockSupport.parkNanos(1_000_000);
    }

    assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(before + 50);

    apply("grpc-await", 2, SMALL_MODEL, 2, 2);
    assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answers)
        .hasSize(500)
        .allSatisfy(
            answer ->
                assertThat(answer.getState().getAbortReason())
                    .isEqualTo("a newer version of the plan was applied"));
  }

  @Test
  void a_call_that_waits_gives_its_place_back_when_its_device_is_gone() throws Exception {
    apply("grpc-gone", 1, SMALL_MODEL, 2, 2);
    GrpcDevice device = device("grpc-gone");
    device.join();
    int heldBefore = coordinator.sessions().awaitCallsHeld();
    Context.CancellableContext call = Context.current().withCancellation();
    Future<AwaitResponse> answer =
        call.call(
            () ->
                RoundsGrpc.newFutureStub(channel)
                    .await(device.awaitRequest(Stage.STAGE_ADVERTISE)));
    awaitCallsHeld(heldBefore + 1);

    call.cancel(null);

    awaitCallsHeld(heldBefore);
    assertThatThrownBy(answer::get).hasMessageContaining("CANCELLED");
  }

  private void awaitCallsHeld(int wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (coordinator.sessions().awaitCallsHeld() != wanted) {
      assertThat(System.nanoTime()).as("%s calls held", wanted).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
