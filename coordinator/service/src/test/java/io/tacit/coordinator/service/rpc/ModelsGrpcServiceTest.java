package io.tacit.coordinator.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.coordinator.release.ReleaseOutcome;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.AwaitResponse;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.ModelsGrpc;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.Stage;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a device that is in no round may ask, over a real connection to the real service. */
@QuarkusTest
@Timeout(120)
class ModelsGrpcServiceTest {

  private static final CurrentModelsRequest REQUEST =
      CurrentModelsRequest.newBuilder().setPopulation("p").addModelKinds("tabular").build();

  private static final CatalogueLookup NO_CATALOGUES =
      new CatalogueLookup() {
        @Override
        public Optional<Catalogue> find(ContentHash hash) {
          return Optional.empty();
        }

        @Override
        public Optional<Catalogue> file(String path) {
          return Optional.empty();
        }
      };

  @Inject Coordinator coordinator;
  @Inject GrpcServer server;

  private ManagedChannel connection;
  private Channel channel;

  @BeforeEach
  void connect() {
    connection =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    Metadata protocol = new Metadata();
    protocol.put(RpcStatus.PROTOCOL, "1");
    channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(protocol));
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  private TrainingPlan apply(String population) {
    TrainingPlan plan =
        PlanFile.parse(
            """
            id: %s
            version: 1
            population: %s
            model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
            features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
            cohort: {size: 1, minimum: 1}
            deadlines: {train: 60s, advertise: 60s, input: 60s}
            aggregation: {mode: plain, development: true}
            rounds: 1
            """
                .formatted(population, population),
            NO_CATALOGUES);
    coordinator.plans().apply(plan);
    return plan;
  }

  private List<CurrentModel> current(CurrentModelsRequest request) {
    return ModelsGrpc.newBlockingStub(channel).current(request).getModelsList();
  }

  private CurrentModel only(String population) {
    List<CurrentModel> models = current(REQUEST.toBuilder().setPopulation(population).build());
    assertThat(models).hasSize(1);
    return models.get(0);
  }

  @Test
  void an_unknown_population_is_an_empty_list() {
    assertThat(current(REQUEST.toBuilder().setPopulation("nobody-knows").build())).isEmpty();
  }

  @Test
  void the_model_that_a_round_made_is_the_current_one_also_when_the_plan_has_no_rounds_left()
      throws Exception {
    TrainingPlan plan = apply("models-round");
    assertThat(current(REQUEST.toBuilder().setPopulation("models-round").build())).isEmpty();
    GrpcDevice device = new GrpcDevice(RoundsGrpc.newStub(channel), "models-round");
    device.join();
    device.await(Stage.STAGE_ADVERTISE);
    device.upload(update(plan), 0);
    AwaitResponse end = device.await(Stage.STAGE_INPUT);

    CurrentModel after = only("models-round");

    assertThat(after)
        .isEqualTo(
            CurrentModel.newBuilder()
                .setPlanId("models-round")
                .setPlanVersion(1)
                .setPlanHash(ByteString.copyFrom(plan.contentHash().toBytes()))
                .setModelVersion(1)
                .setModelHash(end.getState().getNewModelHash())
                .build());
    assertThat(device.poll().hasComeBack()).isTrue();
  }

  @Test
  void nobody_is_in_a_share_where_no_device_proves_which_it_is() throws Exception {
    TrainingPlan plan = apply("models-share");
    GrpcDevice device = new GrpcDevice(RoundsGrpc.newStub(channel), "models-share");
    device.join();
    device.await(Stage.STAGE_ADVERTISE);
    device.upload(update(plan), 0);
    ContentHash model =
        ContentHash.fromDigest(
            device.await(Stage.STAGE_INPUT).getState().getNewModelHash().toByteArray());
    TaskKeyPair owner = TaskKeyPair.generate(new SecureRandom());
    Release forAll = Release.sign(plan.id(), 1, 1, model, owner);
    Release forMost = Release.sign(plan.id(), 2, 1, model, new ReleaseShare(9_999), owner);
    assertThat(coordinator.releases().release(forAll)).isInstanceOf(ReleaseOutcome.Released.class);
    assertThat(coordinator.releases().release(forMost)).isInstanceOf(ReleaseOutcome.Released.class);

    assertThat(only("models-share").getRelease().toByteArray()).isEqualTo(forAll.toBytes());
  }

  private static byte[] update(TrainingPlan plan) {
    ByteBuffer lanes =
        ByteBuffer.allocate(4 * (16 + plan.parameters())).order(ByteOrder.LITTLE_ENDIAN);
    lanes.putInt(1).putInt(1 << 16);
    while (lanes.hasRemaining()) {
      lanes.putInt(1000 * (lanes.position() < 64 ? 0 : 1));
    }
    return lanes.array();
  }

  @Test
  void names_the_malformed_field_its_value_and_what_it_must_be() {
    assertMalformed(
        "population is \"No Name\", must be 1 to 64 characters of a-z 0-9 - . _ and begin with a"
            + " letter or digit",
        REQUEST.toBuilder().setPopulation("No Name").build());
    assertMalformed(
        "model_kinds is 17, must be 0 to 16",
        REQUEST.toBuilder().addAllModelKinds(Collections.nCopies(16, "x")).build());
  }

  private void assertMalformed(String text, CurrentModelsRequest request) {
    StatusRuntimeException refusal = refused(channel, request);
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription()).isEqualTo(text);
    assertThat(refusal.getTrailers().get(RpcStatus.REASON)).isEqualTo("MALFORMED");
  }

  @Test
  void refuses_a_call_without_a_protocol_version() {
    StatusRuntimeException refusal = refused(connection, REQUEST);

    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refusal.getTrailers().get(RpcStatus.REASON)).isEqualTo("PROTOCOL_VERSION");
  }

  private static StatusRuntimeException refused(Channel channel, CurrentModelsRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> ModelsGrpc.newBlockingStub(channel).current(request));
  }
}
