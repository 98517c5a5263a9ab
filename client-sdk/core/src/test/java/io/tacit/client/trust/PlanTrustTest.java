package io.tacit.client.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.TestPlans;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.storage.DeviceStorage;
import io.tacit.client.storage.RoundLatch;
import io.tacit.client.trust.PlanObjection.Reason;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.PlanArtifact;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTrustTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant END = NOW.plus(Duration.ofDays(30));
  private static final ClientId DEVICE = ClientId.fromBytes(new byte[ClientId.LENGTH]);
  private static final TaskKeyPair KEY = TaskKeyPair.generate(new SecureRandom());
  private static final ClientPolicy PINNED =
      ClientPolicy.development().withTaskKeys(KEY.publicKey().toPem());

  private static final TrainingPlan PLAN =
      TestPlans.binary(new Feature.Numeric("x", 0, 1)).withNotAfter(END);

  private final SettableClock clock = SettableClock.at(NOW);

  @TempDir Path directory;

  /** As after a restart: nothing is remembered but what is on disk. */
  private Optional<PlanObjection> objectionTo(PlanArtifact plan, ClientPolicy policy)
      throws IOException {
    return trust(policy).objectionTo(plan);
  }

  private PlanTrust trust(ClientPolicy policy) throws IOException {
    return new PlanTrust(policy, new RoundLatch(DeviceStorage.open(directory), clock));
  }

  private void assertRefused(PlanArtifact plan, ClientPolicy policy, Reason reason, String detail)
      throws IOException {
    assertThat(objectionTo(plan, policy)).contains(new PlanObjection(reason, detail));
  }

  private static PlanArtifact signed(TrainingPlan plan) {
    return PlanArtifact.sign(plan, KEY, NOW);
  }

  private static TrainingPlan version(int version) {
    return new TrainingPlan(
        PLAN.id(),
        version,
        PLAN.population(),
        PLAN.model(),
        PLAN.features(),
        PLAN.client(),
        PLAN.cohort(),
        PLAN.deadlines(),
        PLAN.serverOptimiser(),
        PLAN.aggregation(),
        PLAN.privacy(),
        PLAN.evaluation(),
        PLAN.rounds(),
        END);
  }

  @Test
  void follows_what_the_pinned_key_signed() throws IOException {
    assertThat(objectionTo(signed(PLAN), PINNED)).isEmpty();
    assertThat(objectionTo(signed(PLAN), PINNED)).isEmpty();
  }

  @Test
  void follows_unsigned_plans_only_where_plan_and_app_say_development() throws IOException {
    PlanArtifact unsigned = PlanArtifact.unsigned(PLAN);

    assertThat(objectionTo(unsigned, ClientPolicy.development())).isEmpty();
    String what = "plan " + PLAN.id() + " version " + PLAN.version();
    assertRefused(
        unsigned,
        ClientPolicy.production(),
        Reason.UNSIGNED,
        what
            + " can not be verified, as this app pins no task key; add the owner's with"
            + " ClientPolicy.withTaskKeys");
    assertRefused(
        unsigned,
        PINNED,
        Reason.UNSIGNED,
        what + " is not signed, and this app pins a task key; sign it with tacit plan apply --key");
  }

  @Test
  void refuses_what_another_key_signed_or_somebody_altered() throws IOException {
    TaskKeyPair other = TaskKeyPair.generate(new SecureRandom());
    String what = "plan " + PLAN.id() + " version " + PLAN.version();
    assertRefused(
        PlanArtifact.sign(PLAN, other, NOW),
        PINNED,
        Reason.FOREIGN_KEY,
        what
            + " is signed with task key "
            + other.publicKey().id()
            + ", which this app does not pin; sign it with the app's key, or pin this one");
    byte[] altered = signed(PLAN).toBytes();
    altered[altered.length - 1] ^= 1;
    assertRefused(
        PlanArtifact.fromBytes(altered),
        PINNED,
        Reason.ALTERED,
        what + " was altered after it was signed; distrust the coordinator and sign it anew");
  }

  private Optional<PlanObjection> objectionToModel(Optional<Release> release, ClientPolicy policy)
      throws IOException {
    return trust(policy).objectionToModel(PLAN.id(), release, DEVICE);
  }

  private static Optional<Release> partial(int number, int parts, TaskKeyPair key) {
    return Optional.of(
        Release.sign(PLAN.id(), number, 1, PLAN.contentHash(), new ReleaseShare(parts), key));
  }

  private static Optional<Release> release(int number, TaskKeyPair key) {
    return Optional.of(Release.sign(PLAN.id(), number, 1, PLAN.contentHash(), key));
  }

  @Test
  void takes_models_that_the_pinned_key_released_and_never_one_of_an_older_release()
      throws IOException {
    assertThat(objectionToModel(release(2, KEY), PINNED)).isEmpty();
    assertThat(objectionToModel(release(2, KEY), PINNED)).isEmpty();
    assertThat(objectionToModel(release(1, KEY), PINNED))
        .contains(
            new PlanObjection(
                Reason.OLDER_THAN_SEEN,
                "release 1 of plan "
                    + PLAN.id()
                    + " is older than release 2, which this device has seen; release the model"
                    + " anew, with a higher number"));
    assertThat(objectionToModel(release(3, KEY), PINNED)).isEmpty();
  }

  /** The smallest share that this device is in. */
  private static int ownParts() {
    int parts = 1;
    while (!new ReleaseShare(parts).includes(PLAN.id(), DEVICE)) {
      parts++;
    }
    return parts;
  }

  private static PlanObjection forOthers(int number, int parts) {
    return new PlanObjection(
        Reason.FOR_OTHERS,
        "release "
            + number
            + " of plan "
            + PLAN.id()
            + " is for "
            + new ReleaseShare(parts)
            + " of the devices, and this one is not among them; offer it what is released for"
            + " all");
  }

  @Test
  void takes_a_release_to_a_share_that_it_is_in_and_keeps_it_when_the_share_grows()
      throws IOException {
    int own = ownParts();

    assertThat(objectionToModel(partial(2, own, KEY), PINNED)).isEmpty();
    assertThat(objectionToModel(partial(3, own + 1, KEY), PINNED)).isEmpty();

    assertThat(objectionToModel(partial(2, own, KEY), PINNED))
        .map(PlanObjection::reason)
        .contains(Reason.OLDER_THAN_SEEN);
    assertThat(objectionToModel(release(4, KEY), PINNED)).isEmpty();
  }

  @Test
  void refuses_a_release_to_a_share_that_it_is_not_in_and_does_not_remember_its_number()
      throws IOException {
    int others = ownParts() - 1;

    assertThat(objectionToModel(partial(7, others, KEY), PINNED)).contains(forOthers(7, others));

    assertThat(objectionToModel(release(2, KEY), PINNED)).isEmpty();
    assertThat(objectionToModel(partial(7, others, KEY), PINNED)).contains(forOthers(7, others));
  }

  @Test
  void a_share_is_looked_at_behind_the_signature_and_also_where_no_key_is_pinned()
      throws IOException {
    TaskKeyPair other = TaskKeyPair.generate(new SecureRandom());
    int others = ownParts() - 1;

    assertThat(objectionToModel(partial(7, others, other), PINNED))
        .map(PlanObjection::reason)
        .contains(Reason.FOREIGN_KEY);
    assertThat(objectionToModel(partial(7, others, other), ClientPolicy.development()))
        .contains(forOthers(7, others));
    assertThat(objectionToModel(partial(7, others + 1, other), ClientPolicy.development()))
        .isEmpty();
  }

  @Test
  void takes_no_model_that_the_holder_of_a_pinned_key_has_not_released() throws IOException {
    TaskKeyPair other = TaskKeyPair.generate(new SecureRandom());
    byte[] altered = release(9, KEY).orElseThrow().toBytes();
    altered[altered.length - 1] ^= 1;

    assertThat(objectionToModel(Optional.empty(), PINNED))
        .contains(
            new PlanObjection(
                Reason.UNSIGNED,
                "the model of plan "
                    + PLAN.id()
                    + " is not released by its owner, and this app pins a task key; release it"
                    + " with tacit model release --key"));
    assertThat(objectionToModel(release(9, other), PINNED))
        .contains(
            new PlanObjection(
                Reason.FOREIGN_KEY,
                "release 9 of plan "
                    + PLAN.id()
                    + " is signed with task key "
                    + other.publicKey().id()
                    + ", which this app does not pin; sign it with the app's key, or pin this"
                    + " one"));
    assertThat(objectionToModel(Optional.of(Release.fromBytes(altered)), PINNED))
        .contains(
            new PlanObjection(
                Reason.ALTERED,
                "release 9 of plan "
                    + PLAN.id()
                    + " was altered after it was signed; distrust the coordinator and sign it"
                    + " anew"));
    // Nothing of that was remembered.
    assertThat(objectionToModel(release(1, KEY), PINNED)).isEmpty();
  }

  @Test
  void what_an_app_without_a_key_is_told_of_releases_does_not_count_when_it_pins_one()
      throws IOException {
    ClientPolicy open = ClientPolicy.development();
    TaskKeyPair anybody = TaskKeyPair.generate(new SecureRandom());

    assertThat(objectionToModel(Optional.empty(), open)).isEmpty();
    assertThat(objectionToModel(release(Integer.MAX_VALUE, anybody), open)).isEmpty();
    assertThat(objectionToModel(release(2, anybody), open)).isEmpty();

    assertThat(objectionToModel(release(1, KEY), PINNED)).isEmpty();
  }

  @Test
  void a_plan_that_has_ended_stays_so_when_the_clock_is_set_back() throws IOException {
    assertThat(objectionTo(signed(PLAN), PINNED)).isEmpty();
    clock.set(END.plusSeconds(1));
    String detail =
        "plan "
            + PLAN.id()
            + " version "
            + PLAN.version()
            + " ended on "
            + END
            + "; its owner must sign a higher version with a later end";
    assertRefused(signed(PLAN), PINNED, Reason.EXPIRED, detail);

    clock.set(NOW);

    assertRefused(signed(PLAN), PINNED, Reason.EXPIRED, detail);
    assertThat(objectionTo(signed(version(PLAN.version() + 1)), PINNED)).isEmpty();
  }

  @Test
  void refuses_a_replay_of_an_older_version_over_restarts() throws IOException {
    assertThat(objectionTo(signed(version(7)), PINNED)).isEmpty();

    assertRefused(
        signed(version(6)),
        PINNED,
        Reason.OLDER_THAN_SEEN,
        "plan "
            + PLAN.id()
            + " version 6 is older than version 7, which this device has seen; apply the plan with"
            + " a higher version");
  }

  @Test
  void what_the_app_brings_must_be_signed_where_it_pins_a_key_and_may_have_ended()
      throws IOException {
    PlanTrust unpinned = trust(ClientPolicy.production());
    PlanTrust pinned = trust(PINNED);
    clock.set(END.plusSeconds(1));

    assertThat(unpinned.objectionToBundled(PLAN.toBytes())).isEmpty();
    assertThat(pinned.objectionToBundled(PLAN.toBytes()))
        .map(PlanObjection::reason)
        .contains(Reason.UNSIGNED);
    assertThat(pinned.objectionToBundled(signed(version(7)).toBytes())).isEmpty();
    clock.set(NOW);
    assertThat(pinned.objectionTo(signed(version(6))))
        .map(PlanObjection::reason)
        .contains(Reason.OLDER_THAN_SEEN);
  }

  @Test
  void an_unsigned_plan_does_not_lock_out_those_that_are_signed() throws IOException {
    objectionTo(PlanArtifact.unsigned(version(Integer.MAX_VALUE)), PINNED);

    assertThat(objectionTo(signed(PLAN), PINNED)).isEmpty();
  }
}
