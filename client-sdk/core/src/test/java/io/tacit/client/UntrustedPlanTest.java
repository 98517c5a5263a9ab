package io.tacit.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.connection.ScriptedCoordinator;
import io.tacit.client.connection.ScriptedRound;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.crypto.IdentityKeyPair;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.v1.ComeBack;
import io.tacit.protocol.v1.ComeBackReason;
import io.tacit.protocol.v1.CurrentModel;
import io.tacit.protocol.v1.CurrentModelsResponse;
import io.tacit.protocol.v1.PollResponse;
import io.tacit.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A coordinator that is an adversary, and an app that pins a task key. It is offered plans that the
 * owner did not sign like this, as a round and with a model; each time nothing leaves the device,
 * nothing is installed, and the status says why.
 */
@Timeout(60)
class UntrustedPlanTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant END = NOW.plus(Duration.ofDays(30));
  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());
  private static final TaskKeyPair OTHER = TaskKeyPair.generate(new SecureRandom());

  private static final ModelParameters MODEL =
      ModelParameters.initial(TestPlans.twoTower(2, 1, 1).model());

  private static final String UNSIGNED =
      "plan news version 2 is not signed, and this app pins a task key; sign it with tacit plan"
          + " apply --key";
  private static final String FOREIGN =
      "plan news version 2 is signed with task key "
          + OTHER.publicKey().id()
          + ", which this app does not pin; sign it with the app's key, or pin this one";
  private static final String ALTERED =
      "plan news version 2 was altered after it was signed; distrust the coordinator and sign it"
          + " anew";
  private static final String EXPIRED =
      "plan news version 2 ended on 2026-12-24T12:00:00Z; its owner must sign a higher version with"
          + " a later end";
  private static final String OLDER =
      "plan news version 1 is older than version 2, which this device has seen; apply the plan with"
          + " a higher version";

  @TempDir Path directory;

  private final SettableClock clock = SettableClock.at(NOW);
  private final List<TacitClient> clients = new ArrayList<>();
  private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
  private final ScriptedRound script = new ScriptedRound(coordinator);

  @AfterEach
  void close() {
    clients.forEach(TacitClient::close);
    coordinator.close();
  }

  private TacitClient.Builder builder() {
    return TacitClient.builder(directory, TestPlans.POPULATION)
        .storage(Storage.unencrypted())
        .clock(clock)
        .policy(ClientPolicy.development().withTaskKeys(OWNER.publicKey().toPem()));
  }

  private TacitClient start(TacitClient.Builder builder) {
    TacitClient client = builder.build();
    clients.add(client);
    return client;
  }

  /** With events enough to train. */
  private TacitClient online() {
    TacitClient client =
        start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    for (String item : List.of("a", "b", "c")) {
      get(client.record(BehaviourEvent.click(item, NOW)));
    }
    return client;
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(30, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static TrainingPlan plan(int version) {
    return TestPlans.twoTower(version, 1, 1).withNotAfter(END);
  }

  private static PlanArtifact signed(int version) {
    return PlanArtifact.sign(plan(version), OWNER, NOW);
  }

  private static PlanArtifact altered() {
    byte[] bytes = signed(2).toBytes();
    bytes[bytes.length - 1] ^= 1;
    return PlanArtifact.fromBytes(bytes);
  }

  /** Under a good release, as the plan is what may be wrong. */
  private void announce(PlanArtifact plan, int modelVersion) {
    announce(plan, modelVersion, release(5, modelVersion, OWNER).toBytes());
  }

  private static Release release(int number, int modelVersion, TaskKeyPair key) {
    return Release.sign(plan(2).id(), number, modelVersion, MODEL.contentHash(), key);
  }

  private void announce(PlanArtifact plan, int modelVersion, byte[] release) {
    coordinator.publish(TestPlans.catalogue().toBytes());
    CurrentModel current =
        CurrentModel.newBuilder()
            .setPlanId(plan.plan().id().value())
            .setPlanVersion(plan.plan().version())
            .setPlanHash(bytes(coordinator.publish(plan.toBytes())))
            .setModelVersion(modelVersion)
            .setModelHash(bytes(coordinator.publish(MODEL.toBytes())))
            .setRelease(ByteString.copyFrom(release))
            .build();
    coordinator.onCurrentModels =
        request -> CurrentModelsResponse.newBuilder().addModels(current).build();
    coordinator.onPoll =
        request ->
            PollResponse.newBuilder()
                .setComeBack(
                    ComeBack.newBuilder()
                        .setAfterMillis(7_000)
                        .setReason(ComeBackReason.COME_BACK_REASON_NO_ROUND))
                .build();
  }

  private static ByteString bytes(ContentHash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }

  private void assertRoundDeclined(PlanArtifact plan, String why) {
    script.offer(plan, 9);
    TacitClient client = online();

    Participation participation = get(client.participate());

    assertThat(participation)
        .hasToString("DECLINED: This device declines round news#9: " + why + ".");
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.NEEDS_ATTENTION);
    assertThat(client.status().message()).isEqualTo(participation.message());
    assertThat(coordinator.calls())
        .doesNotContain("check-in", "submit")
        .noneMatch(call -> call.startsWith("upload"));
    assertThat(get(client.ledger()).entries()).isEmpty();
  }

  private void assertModelRefused(PlanArtifact plan, String why) {
    announce(plan, 9);
    assertModelRefused(why);
  }

  private void assertModelRefused(String why) {
    TacitClient client = online();

    get(client.participate());

    assertThat(client.status())
        .hasToString(
            "NEEDS_ATTENTION: The model that the coordinator offers is not used: "
                + why
                + ". Tell the model's owner.");
    assertThat(get(client.recommend(1)).items()).isEmpty();
  }

  @Test
  void follows_what_the_owner_signed() {
    announce(signed(2), 1);
    script.offer(signed(2), 9);
    TacitClient client = online();

    assertThat(get(client.participate()).hasContributed()).isTrue();

    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);
    assertThat(get(client.recommend(1)).items()).hasSize(1);
  }

  @Test
  void declines_rounds_of_a_plan_that_is_not_signed() {
    assertRoundDeclined(PlanArtifact.unsigned(plan(2)), UNSIGNED);
  }

  @Test
  void declines_rounds_of_a_plan_that_another_key_signed() {
    assertRoundDeclined(PlanArtifact.sign(plan(2), OTHER, NOW), FOREIGN);
  }

  @Test
  void declines_rounds_of_a_plan_that_was_altered() {
    assertRoundDeclined(altered(), ALTERED);
  }

  @Test
  void declines_rounds_of_a_plan_that_has_ended() {
    clock.set(END.plusSeconds(1));
    assertRoundDeclined(signed(2), EXPIRED);
  }

  @Test
  void declines_rounds_of_a_plan_that_is_older_than_one_it_has_seen() {
    script.offer(signed(2), 8);
    TacitClient before =
        start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    assertThat(get(before.participate()).result()).isEqualTo(Participation.Result.NOT_ELIGIBLE);
    before.close();

    // Told from the announcement: nothing is fetched for it.
    assertRoundDeclined(
        signed(1),
        "plan news has version 1, this device has seen 2; apply the plan with a higher version");
  }

  @Test
  void refuses_models_of_plans_that_are_not_signed_as_the_app_wants() {
    assertModelRefused(PlanArtifact.unsigned(plan(2)), UNSIGNED);
    clients.get(0).close();
    assertModelRefused(PlanArtifact.sign(plan(2), OTHER, NOW), FOREIGN);
    clients.get(1).close();
    assertModelRefused(altered(), ALTERED);
  }

  @Test
  void refuses_models_of_plans_that_have_ended() {
    clock.set(END.plusSeconds(1));
    assertModelRefused(signed(2), EXPIRED);
  }

  @Test
  void refuses_models_of_plans_that_are_older_than_one_it_has_seen() {
    script.offer(signed(2), 8);
    TacitClient before =
        start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    get(before.participate());
    before.close();

    assertModelRefused(signed(1), OLDER);
  }

  @Test
  void refuses_models_that_the_owner_has_not_released() {
    announce(signed(2), 9, new byte[0]);
    assertModelRefused(
        "the model of plan news is not released by its owner, and this app pins a task key;"
            + " release it with tacit model release --key");
    clients.get(0).close();
    announce(signed(2), 9, release(5, 9, OTHER).toBytes());
    assertModelRefused(FOREIGN.replace("plan news version 2", "release 5 of plan news"));
    clients.get(1).close();
    byte[] altered = release(5, 9, OWNER).toBytes();
    altered[altered.length - 1] ^= 1;
    announce(signed(2), 9, altered);
    assertModelRefused(ALTERED.replace("plan news version 2", "release 5 of plan news"));
    assertThat(coordinator.calls()).noneMatch(call -> call.startsWith("download"));
  }

  @Test
  void refuses_models_that_are_released_to_a_share_of_the_devices_without_this_one()
      throws IOException {
    IdentityKeyPair identity = IdentityKeyPair.fromSeed(new byte[IdentityKeyPair.SEED_LENGTH]);
    DeviceStorage.open(directory.resolve("state")).write("identity", identity.seed());
    int own = 1;
    while (!new ReleaseShare(own).includes(plan(2).id(), identity.publicKey().clientId())) {
      own++;
    }
    offerToShare(own - 1);
    assertModelRefused(
        "release 5 of plan news is for "
            + new ReleaseShare(own - 1)
            + " of the devices, and this one is not among them; offer it what is released for all");
    assertThat(coordinator.calls()).noneMatch(call -> call.startsWith("download"));

    offerToShare(own);
    get(clients.get(0).participate());

    assertThat(clients.get(0).status().state()).isEqualTo(ClientStatus.State.READY);
  }

  private void offerToShare(int parts) {
    Release release =
        Release.sign(plan(2).id(), 5, 9, MODEL.contentHash(), new ReleaseShare(parts), OWNER);
    announce(signed(2), 9, release.toBytes());
  }

  private void offerModel(TacitClient client, int release, int modelVersion) {
    announce(signed(2), modelVersion, release(release, modelVersion, OWNER).toBytes());
    get(client.participate());
  }

  private static String older(int release, int seen) {
    return "NEEDS_ATTENTION: The model that the coordinator offers is not used: release "
        + release
        + " of plan news is older than release "
        + seen
        + ", which this device has seen; release the model anew, with a higher number. Tell the"
        + " model's owner. Recommendations go on with the model that is there.";
  }

  @Test
  void takes_an_older_model_by_a_later_release_and_never_one_by_an_older_release() {
    TacitClient client =
        start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    offerModel(client, 6, 8);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);

    offerModel(client, 7, 3);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);

    offerModel(client, 6, 8);
    assertThat(client.status()).hasToString(older(6, 7));

    offerModel(client, 8, 3);
    assertThat(client.status().state())
        .as("offered what it has")
        .isEqualTo(ClientStatus.State.READY);
  }

  @Test
  void remembers_a_release_also_where_it_has_the_model_already() {
    TacitClient client =
        start(builder().coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));
    offerModel(client, 6, 8);
    // Of release 7, an older model, it heard nothing.
    offerModel(client, 8, 8);
    assertThat(client.status().state()).isEqualTo(ClientStatus.State.READY);

    offerModel(client, 7, 3);

    assertThat(client.status()).hasToString(older(7, 8));
  }

  private static BundledModel bundle(PlanArtifact plan) {
    return BundledModel.of(
        plan.toBytes(),
        TestPlans.catalogue().toBytes(),
        MODEL.toBytes(),
        MODEL.contentHash().toHex());
  }

  @Test
  void a_model_that_the_app_brings_is_refused_too_until_it_is_signed() {
    TacitClient client = start(builder().model(bundle(altered())));

    assertThat(get(client.recommend(1)).items()).isEmpty();
    assertThat(client.status())
        .hasToString(
            "NEEDS_ATTENTION: The model that the app brings is not used: "
                + ALTERED
                + ". Mend the app: bring a model whose plan is signed with a task key that it"
                + " pins.");
    client.close();

    TacitClient mended = start(builder().model(bundle(signed(2))));
    assertThat(get(mended.recommend(1)).items()).hasSize(1);
    assertThat(mended.status().state()).isEqualTo(ClientStatus.State.READY);
  }

  @Test
  void an_app_that_pins_no_key_uses_the_model_that_it_brings_and_declines_plans() {
    script.offer(signed(2), 9);
    TacitClient client =
        start(
            TacitClient.builder(directory, TestPlans.POPULATION)
                .storage(Storage.unencrypted())
                .clock(clock)
                .model(bundle(PlanArtifact.unsigned(plan(1))))
                .coordinator(CoordinatorAddress.onThisMachine(coordinator.port())));

    assertThat(get(client.recommend(1)).items()).hasSize(1);
    assertThat(get(client.participate()).result()).isEqualTo(Participation.Result.DECLINED);
  }
}
