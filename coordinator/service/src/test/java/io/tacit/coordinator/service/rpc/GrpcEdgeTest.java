package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.WireLimits;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.AbortRequest;
import io.tacit.protocol.v1.ArtifactsGrpc;
import io.tacit.protocol.v1.AwaitRequest;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CheckInRequest;
import io.tacit.protocol.v1.DownloadChunk;
import io.tacit.protocol.v1.DownloadRequest;
import io.tacit.protocol.v1.PollRequest;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.protocol.v1.RefusalReason;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.SignedMessage;
import io.tacit.protocol.v1.Stage;
import io.tacit.protocol.v1.SubmitRequest;
import io.tacit.protocol.v1.UploadChunk;
import io.tacit.protocol.v1.UploadProgress;
import io.tacit.protocol.v1.UploadStatusRequest;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract as a device meets it: real calls over a real connection to the real service. */
@QuarkusTest
class GrpcEdgeTest {

  private static final Metadata.Key<String> PROTOCOL = RpcStatus.PROTOCOL;

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

  private static final ByteString ID = ByteString.copyFrom(new byte[32]);
  private static final ByteString SESSION = ByteString.copyFrom(new byte[16]);

  @Inject Coordinator coordinator;
  @Inject GrpcServer server;

  private ManagedChannel connection;
  private Channel channel;
  private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();

  @BeforeEach
  void connect() {
    connection =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(protocol("1")), keepHeaders());
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private static Metadata protocol(String version) {
    Metadata metadata = new Metadata();
    metadata.put(PROTOCOL, version);
    return metadata;
  }

  private ClientInterceptor keepHeaders() {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
          @Override
          public void start(Listener<A> listener, Metadata sent) {
            super.start(
                new SimpleForwardingClientCallListener<>(listener) {
                  @Override
                  public void onHeaders(Metadata received) {
                    headers.add(received);
                    super.onHeaders(received);
                  }
                },
                sent);
          }
        };
      }
    };
  }

  private RoundsGrpc.RoundsBlockingStub rounds() {
    return RoundsGrpc.newBlockingStub(channel);
  }

  private GrpcDevice device(String population) {
    return new GrpcDevice(RoundsGrpc.newStub(channel), population);
  }

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

  // ---- version of the protocol ----

  @Test
  void refuses_calls_without_a_protocol_version_and_tells_its_own() {
    assertVersionRefused(connection, "none");
  }

  @Test
  void refuses_calls_of_another_protocol_version_and_tells_its_own() {
    Channel other =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(protocol("2")));
    assertVersionRefused(other, "2");
  }

  private static void assertVersionRefused(Channel other, String theirs) {
    StatusRuntimeException refusal =
        refused(() -> RoundsGrpc.newBlockingStub(other).poll(PollRequest.getDefaultInstance()));
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refusal.getStatus().getDescription())
        .isEqualTo(
            "client speaks protocol version "
                + theirs
                + ", this coordinator speaks 1; update the older side");
    assertThat(refusal.getTrailers().get(RpcStatus.REASON)).isEqualTo("PROTOCOL_VERSION");
    assertThat(refusal.getTrailers().get(PROTOCOL)).isEqualTo("1");
  }

  @Test
  void tells_its_version_in_every_answer() throws InterruptedException {
    device("nobody").poll();

    assertThat(headers.take().get(PROTOCOL)).isEqualTo("1");
  }

  // ---- malformed fields ----

  @Test
  void names_the_malformed_field_its_value_and_what_it_must_be() {
    ByteString shortId = ByteString.copyFrom(new byte[31]);
    PollRequest poll =
        PollRequest.newBuilder().setPopulation("p").setClientId(ID).addModelKinds("x").build();
    assertMalformed(
        "client_id has 31 bytes, must have exactly 32",
        () -> rounds().poll(poll.toBuilder().setClientId(shortId).build()));
    assertMalformed(
        "population", () -> rounds().poll(poll.toBuilder().setPopulation("No Name").build()));
    assertMalformed(
        "model_kinds is 17, must be 0 to 16",
        () ->
            rounds().poll(poll.toBuilder().addAllModelKinds(Collections.nCopies(16, "x")).build()));

    CheckInRequest checkIn =
        CheckInRequest.newBuilder()
            .setPlanId("p")
            .setPlanHash(ID)
            .setRound(1)
            .setModelHash(ID)
            .setClientId(ID)
            .build();
    assertMalformed(
        "plan_hash has 31 bytes, must have exactly 32",
        () -> rounds().checkIn(checkIn.toBuilder().setPlanHash(shortId).build()));
    assertMalformed(
        "model_hash has 0 bytes, must have exactly 32",
        () -> rounds().checkIn(checkIn.toBuilder().clearModelHash().build()));
    assertMalformed(
        "client_id has 31 bytes, must have exactly 32",
        () -> rounds().checkIn(checkIn.toBuilder().setClientId(shortId).build()));
    assertMalformed("plan", () -> rounds().checkIn(checkIn.toBuilder().clearPlanId().build()));
    assertMalformed("round", () -> rounds().checkIn(checkIn.toBuilder().setRound(0).build()));

    SubmitRequest submit =
        SubmitRequest.newBuilder()
            .setSessionId(SESSION)
            .setClientId(ID)
            .setStage(Stage.STAGE_ADVERTISE)
            .setMessage(SignedMessage.newBuilder().setSignature(ByteString.copyFrom(new byte[64])))
            .build();
    assertMalformed(
        "session_id has 31 bytes, must have exactly 16",
        () -> rounds().submit(submit.toBuilder().setSessionId(shortId).build()));
    assertMalformed(
        "stage is 3, must be 1, 2, 4 or 5: an update goes to Upload",
        () -> rounds().submit(submit.toBuilder().setStage(Stage.STAGE_INPUT).build()));
    assertMalformed(
        "message.signature has 0 bytes, must have exactly 64",
        () -> rounds().submit(submit.toBuilder().clearMessage().build()));

    AwaitRequest await =
        AwaitRequest.newBuilder()
            .setSessionId(SESSION)
            .setClientId(ID)
            .setTicket(ID)
            .setKnown(Stage.STAGE_INPUT)
            .build();
    assertMalformed(
        "hold_millis is 25001, must be 0 to 25000",
        () -> rounds().await(await.toBuilder().setHoldMillis(25_001).build()));
    assertMalformed(
        "hold_millis is 4294967295, must be 0 to 25000",
        () -> rounds().await(await.toBuilder().setHoldMillis(-1).build()));
    assertMalformed(
        "stage is 8, must be 1 to 7",
        () -> rounds().await(await.toBuilder().setKnownValue(8).build()));
    assertMalformed(
        "ticket has 31 bytes, must have exactly 32",
        () -> rounds().await(await.toBuilder().setTicket(shortId).build()));

    assertMalformed(
        "ticket has 0 bytes, must have exactly 32",
        () ->
            rounds()
                .uploadStatus(
                    UploadStatusRequest.newBuilder()
                        .setSessionId(SESSION)
                        .setClientId(ID)
                        .build()));
    assertMalformed(
        "code has 7 characters, must be one word of 1 to 64 of A-Z and _",
        () ->
            rounds()
                .abort(
                    AbortRequest.newBuilder()
                        .setSessionId(SESSION)
                        .setClientId(ID)
                        .setTicket(ID)
                        .setCode("no\nword")
                        .build()));
    assertMalformed(
        "content_hash has 31 bytes, must have exactly 32",
        () -> download(DownloadRequest.newBuilder().setContentHash(shortId).build()));
  }

  @Test
  void an_upload_begins_with_a_header_and_has_a_chunk() {
    assertMalformedUpload(
        "header is missing in the first chunk",
        call -> call.requests.onNext(UploadChunk.getDefaultInstance()));
    assertMalformedUpload("the stream ended without a chunk", call -> call.requests.onCompleted());
    assertMalformedUpload(
        "data has 262145 bytes, must have at most 262144",
        call ->
            call.requests.onNext(
                UploadChunk.newBuilder()
                    .setData(ByteString.copyFrom(new byte[WireLimits.CHUNK_BYTES_MAX + 1]))
                    .build()));
  }

  private void assertMalformedUpload(String text, Consumer<GrpcDevice.UploadCall> script) {
    GrpcDevice.UploadCall call = device("nobody").begin();
    script.accept(call);
    assertMalformed(text, () -> answer(call));
  }

  private static Object answer(GrpcDevice.UploadCall call) {
    try {
      return call.answer.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (StatusRuntimeException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertMalformed(String text, Callable<?> call) {
    StatusRuntimeException refusal = refused(call);
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription()).startsWith(text);
    assertThat(refusal.getTrailers().get(RpcStatus.REASON)).isEqualTo("MALFORMED");
  }

  private static StatusRuntimeException refused(Callable<?> call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::call);
  }

  @Test
  void refuses_a_message_above_the_limit_and_goes_on() {
    GrpcDevice.UploadCall call = device("nobody").begin();
    call.requests.onNext(
        UploadChunk.newBuilder()
            .setData(ByteString.copyFrom(new byte[WireLimits.MESSAGE_BYTES_MAX]))
            .build());

    StatusRuntimeException refusal = refused(() -> answer(call));

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(device("nobody").poll().hasComeBack()).isTrue();
  }

  // ---- a round ----

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

  // ---- downloads ----

  @Test
  void downloads_in_chunks_from_any_offset() {
    byte[] content = new byte[600_000];
    new Random(1).nextBytes(content);
    ContentHash hash = coordinator.artifacts().put(content);

    assertThat(downloaded(hash, 0)).isEqualTo(content);
    assertThat(downloaded(hash, 300_001))
        .isEqualTo(Arrays.copyOfRange(content, 300_001, content.length));
    assertThat(downloaded(hash, content.length)).isEmpty();
    assertMalformed(
        "offset is 600001, must be 0 to 600000",
        () -> download(request(hash).setOffset(600_001).build()));
  }

  @Test
  void tells_that_it_has_no_such_artifact() {
    List<DownloadChunk> chunks = download(request(ContentHash.of(new byte[] {1, 2, 3})).build());

    assertThat(chunks).hasSize(1);
    assertThat(chunks.get(0).hasNotFound()).isTrue();
    assertThat(chunks.get(0).getTotalBytes()).isZero();
  }

  private byte[] downloaded(ContentHash hash, long offset) {
    ByteString data = ByteString.EMPTY;
    for (DownloadChunk chunk : download(request(hash).setOffset(offset).build())) {
      assertThat(chunk.getData().size()).isLessThanOrEqualTo(WireLimits.CHUNK_BYTES_MAX);
      assertThat(chunk.getTotalBytes()).isEqualTo(600_000);
      data = data.concat(chunk.getData());
    }
    return data.toByteArray();
  }

  private static DownloadRequest.Builder request(ContentHash hash) {
    return DownloadRequest.newBuilder().setContentHash(ByteString.copyFrom(hash.toBytes()));
  }

  private List<DownloadChunk> download(DownloadRequest request) {
    Iterator<DownloadChunk> chunks = ArtifactsGrpc.newBlockingStub(channel).download(request);
    List<DownloadChunk> all = new ArrayList<>();
    chunks.forEachRemaining(all::add);
    return all;
  }
}
