package io.tacit.coordinator.service.rpc;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.tacit.coordinator.Coordinator;
import io.tacit.coordinator.plans.CatalogueLookup;
import io.tacit.coordinator.plans.PlanFile;
import io.tacit.enrolment.BootstrapTokenMint;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.crypto.Transcript;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.AccessGrpc;
import io.tacit.protocol.v1.ChallengeRequest;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsRequest;
import io.tacit.protocol.v1.EnrolRequest;
import io.tacit.protocol.v1.EnrolmentGrpc;
import io.tacit.protocol.v1.LoginRequest;
import io.tacit.protocol.v1.ModelsGrpc;
import io.tacit.protocol.v1.RoundsGrpc;
import io.tacit.protocol.v1.Stage;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.hamcrest.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two enrolled devices, of which one is in the share that a model is released to first. */
@QuarkusTest
@TestProfile(PartialReleaseTest.EnrolledDevices.class)
@Timeout(120)
class PartialReleaseTest {

  /** As where other machines can call. */
  public static class EnrolledDevices implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("tacit.devices", "enrolled", "tacit.enrolment.populations", "shares");
    }
  }

  private static final String ADMIN_TOKEN = "tacit-admin-" + "A".repeat(43);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final TaskKeyPair OWNER = TaskKeyPair.generate(RANDOM);
  private static final PlanId PLAN = new PlanId("shares");
  private static final ReleaseShare HALF = new ReleaseShare(ReleaseShare.PARTS / 2);

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
  @Inject Optional<BootstrapTokenMint> mint;

  private ManagedChannel connection;

  @BeforeEach
  void connect() {
    connection =
        ManagedChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void disconnect() throws InterruptedException {
    connection.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  /** A device that the half of the devices has, or has not. */
  private static IdentityKeyPair device(boolean inHalf) {
    IdentityKeyPair device = IdentityKeyPair.generate(RANDOM);
    while (HALF.includes(PLAN, device.publicKey().clientId()) != inHalf) {
      device = IdentityKeyPair.generate(RANDOM);
    }
    return device;
  }

  private Channel with(@Nullable String token) {
    Metadata headers = new Metadata();
    headers.put(RpcStatus.PROTOCOL, "1");
    if (token != null) {
      headers.put(RpcStatus.TOKEN, token);
    }
    return ClientInterceptors.intercept(
        connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** The channel of a device that has enrolled and logged in. */
  private Channel of(IdentityKeyPair device) {
    ByteString certificate =
        EnrolmentGrpc.newBlockingStub(with(null))
            .enrol(
                EnrolRequest.newBuilder()
                    .setToken(
                        mint.orElseThrow().mint("shares", Duration.ofMinutes(10), Optional.empty()))
                    .setRequest(ByteString.copyFrom(device.certificateRequest()))
                    .build())
            .getCertificate();
    AccessGrpc.AccessBlockingStub access = AccessGrpc.newBlockingStub(with(null));
    ByteString challenge = access.challenge(ChallengeRequest.getDefaultInstance()).getChallenge();
    byte[] signed =
        Transcript.login(challenge.toByteArray(), ContentHash.of(certificate.toByteArray()));
    return with(
        access
            .login(
                LoginRequest.newBuilder()
                    .setChallenge(challenge)
                    .setCertificate(certificate)
                    .setSignature(ByteString.copyFrom(device.sign(signed)))
                    .build())
            .getToken()
            .getToken());
  }

  private TrainingPlan apply() {
    TrainingPlan plan =
        PlanFile.parse(
            """
            id: shares
            version: 1
            population: shares
            model: {kind: tabular, layers: [{units: 1, activation: sigmoid}]}
            features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
            cohort: {size: 1, minimum: 1}
            deadlines: {train: 60s, advertise: 60s, input: 60s}
            aggregation: {mode: plain, development: true}
            rounds: 2
            """,
            NO_CATALOGUES);
    coordinator.plans().apply(plan);
    return plan;
  }

  /** Takes part in the next round alone. */
  private static ContentHash train(TrainingPlan plan, Channel channel, IdentityKeyPair identity)
      throws Exception {
    GrpcDevice device = new GrpcDevice(RoundsGrpc.newStub(channel), "shares", identity);
    device.join();
    device.await(Stage.STAGE_ADVERTISE);
    ByteBuffer lanes =
        ByteBuffer.allocate(4 * (16 + plan.parameters())).order(ByteOrder.LITTLE_ENDIAN);
    lanes.putInt(1).putInt(1 << 16);
    while (lanes.hasRemaining()) {
      lanes.putInt(lanes.position() < 64 ? 0 : 1000);
    }
    device.upload(lanes.array(), 0);
    return ContentHash.fromDigest(
        device.await(Stage.STAGE_INPUT).getState().getNewModelHash().toByteArray());
  }

  private static ValidatableResponse release(Release release) {
    return given()
        .auth()
        .oauth2(ADMIN_TOKEN)
        .contentType("application/octet-stream")
        .body(release.toBytes())
        .post("/api/v1/releases")
        .then();
  }

  private static CurrentModel current(Channel device) {
    return ModelsGrpc.newBlockingStub(device)
        .current(
            CurrentModelsRequest.newBuilder()
                .setPopulation("shares")
                .addModelKinds("tabular")
                .build())
        .getModels(0);
  }

  /** What a release may take a second to change. */
  private static void awaitRelease(Channel device, Release release) throws InterruptedException {
    ByteString wanted = ByteString.copyFrom(release.toBytes());
    CurrentModel current = current(device);
    while (!current.getRelease().equals(wanted)) {
      TimeUnit.MILLISECONDS.sleep(20);
      current = current(device);
    }
    assertThat(current.getModelVersion()).isEqualTo(release.modelVersion());
    assertThat(current.getModelHash().toByteArray()).isEqualTo(release.modelHash().toBytes());
  }

  @Test
  void each_device_gets_the_release_that_is_for_it_and_one_for_all_ends_the_difference()
      throws Exception {
    TrainingPlan plan = apply();
    IdentityKeyPair inHalf = device(true);
    Channel early = of(inHalf);
    Channel late = of(device(false));
    ContentHash first = train(plan, early, inHalf);
    ContentHash second = train(plan, early, inHalf);

    release(Release.sign(PLAN, 1, 2, second, HALF, OWNER))
        .statusCode(409)
        .body(
            "detail",
            equalTo(
                "release 1 of plan shares is for 0.5 of the devices, and there is none that the"
                    + " others could have; release a version for all first"));
    Release forAll = Release.sign(PLAN, 1, 1, first, OWNER);
    release(forAll).statusCode(201);
    Release forHalf = Release.sign(PLAN, 2, 2, second, HALF, OWNER);
    release(forHalf).statusCode(201).body("share", equalTo(0.5f)).body("inForce", equalTo(true));

    awaitRelease(early, forHalf);
    awaitRelease(late, forAll);
    assertListed(contains(2, 1), contains(0.5f, 1f), contains(true, true));

    Release back = Release.sign(PLAN, 3, 1, first, OWNER);
    release(back).statusCode(201);
    awaitRelease(early, back);
    awaitRelease(late, back);
    assertListed(contains(3, 2, 1), contains(1f, 0.5f, 1f), contains(true, false, false));
  }

  private static void assertListed(Matcher<?> numbers, Matcher<?> shares, Matcher<?> inForce) {
    given()
        .auth()
        .oauth2(ADMIN_TOKEN)
        .get("/api/v1/releases?plan=shares")
        .then()
        .statusCode(200)
        .body("number", numbers)
        .body("share", shares)
        .body("inForce", inForce);
  }
}
