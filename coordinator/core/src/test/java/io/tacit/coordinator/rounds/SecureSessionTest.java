package io.tacit.coordinator.rounds;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.optimiser.OptimiserState;
import io.tacit.coordinator.sessions.Refusal;
import io.tacit.coordinator.sessions.Session;
import io.tacit.coordinator.sessions.SessionState;
import io.tacit.coordinator.sessions.SubmitOutcome;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Stage;
import io.tacit.protocol.Suite;
import io.tacit.protocol.crypto.IdentityKeyCache;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SignedKeyShares;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A secure session from the roster to the model, with devices that drop out, come late or lie. */
class SecureSessionTest {

  private static final int SIZE = 10;

  /** t = 7, so that three may drop out. */
  private static final int DROPOUTS_TOLERATED = 3;

  private static final Duration STAGE = Duration.ofSeconds(20);

  @TempDir Path directory;

  private TestCoordinator coordinator;
  private TrainingPlan plan = SecureRounds.plan("s", Suite.CLASSIC, SIZE, SIZE, 7, 3);
  private List<SecureDevice> devices = List.of();

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.in(directory);
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  private void start(Suite suite) {
    plan = coordinator.apply(SecureRounds.plan("s", suite, SIZE, SIZE, 7, 3));
    devices = SecureRounds.joined(coordinator, 0, SIZE);
    coordinator.tick();
  }

  private byte[] update(int number) {
    return SecureRounds.update(plan, 1, number);
  }

  private Session session() {
    return coordinator.session(plan, 1);
  }

  /** The first of them answer a stage, the others have gone without a word. */
  private void stage(Stage stage, int answering) {
    SecureRounds.each(
        devices.subList(0, answering),
        (device, number) ->
            switch (stage) {
              case SHARE_KEYS -> device.share();
              case INPUT -> device.upload(update(number));
              case CONSISTENCY -> device.sign();
              case UNMASK -> device.reveal();
              default -> throw new AssertionError(stage);
            });
    coordinator.tick();
    if (answering < devices.size()) {
      coordinator.pass(STAGE);
    }
    devices = devices.subList(0, answering);
  }

  private static final List<Stage> STAGES =
      List.of(Stage.SHARE_KEYS, Stage.INPUT, Stage.CONSISTENCY, Stage.UNMASK);

  static Stream<Arguments> dropouts() {
    return Stream.of(Suite.CLASSIC, Suite.HYBRID)
        .flatMap(
            suite ->
                STAGES.stream()
                    .flatMap(
                        stage ->
                            IntStream.of(0, 1, DROPOUTS_TOLERATED, DROPOUTS_TOLERATED + 1)
                                .mapToObj(count -> Arguments.of(suite, stage, count))));
  }

  @ParameterizedTest(name = "{0}, {2} drop out in {1}")
  @MethodSource("dropouts")
  void the_sum_is_exact_up_to_the_tolerated_dropouts_and_there_is_none_beyond(
      Suite suite, Stage dropStage, int count) {
    start(suite);
    int left = SIZE;
    int contributors = 0;
    for (Stage stage : STAGES) {
      if (devices.get(0).stage() == Stage.ABORTED) {
        break;
      }
      assertThat(devices.get(0).stage()).isEqualTo(stage);
      left = stage == dropStage ? SIZE - count : left;
      stage(stage, left);
      contributors = stage == Stage.INPUT ? left : contributors;
    }
    coordinator.tick();

    RoundState state = coordinator.round(plan, 1).state();
    if (count > DROPOUTS_TOLERATED) {
      assertThat(state)
          .isInstanceOfSatisfying(
              RoundState.Abandoned.class,
              abandoned ->
                  assertThat(abandoned.reason())
                      .startsWith("only 6 of ")
                      .endsWith("stage " + dropStage + " closed, at least 7 are needed"));
      assertThat(coordinator.latest(plan.id()).version()).isZero();
    } else {
      assertCompleted(contributors);
    }
  }

  private void assertCompleted(int contributors) {
    List<byte[]> updates = IntStream.range(0, contributors).mapToObj(this::update).toList();
    var expected =
        Updates.step(plan, ModelParameters.initial(plan.model()), OptimiserState.none(), updates);
    assertThat(coordinator.round(plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Completed.class,
            completed -> assertThat(completed.contributors()).isEqualTo(contributors));
    assertThat(coordinator.model(plan.id())).isEqualTo(expected.parameters());
    assertThat(devices.get(0).stage()).isEqualTo(Stage.COMPLETED);
  }

  private void runAll() {
    for (Stage stage : STAGES) {
      stage(stage, devices.size());
    }
    coordinator.tick();
  }

  // ---- late, repeated, replayed ----

  @Test
  void repetitions_get_the_same_answer_and_other_bytes_are_refused_in_each_stage() {
    start(Suite.CLASSIC);
    SecureDevice device = devices.get(0);
    device.hear();
    SignedKeyShares first = device.keyShares();
    device.share();
    assertThat(device.share(first)).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.share(otherBytes(first))).isEqualTo(otherBytes("SHARE_KEYS"));
    stage(Stage.SHARE_KEYS, SIZE);

    stage(Stage.INPUT, SIZE);
    assertThat(device.uploadAgain()).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.upload(update(77))).isEqualTo(otherBytes("INPUT"));

    stage(Stage.CONSISTENCY, SIZE);
    assertThat(device.sign()).isInstanceOf(SubmitOutcome.Durable.class);
    assertThat(device.sign(device.signatureOver(new byte[32])))
        .isEqualTo(otherBytes("CONSISTENCY"));
    stage(Stage.UNMASK, SIZE);
    coordinator.tick();
    assertCompleted(SIZE);
  }

  private static SignedKeyShares otherBytes(SignedKeyShares shares) {
    byte[] body = shares.body();
    body[5] ^= 1;
    return SignedKeyShares.of(body, shares.signature());
  }

  private static Refusal otherBytes(String stage) {
    return new Refusal(
        Refusal.Reason.OTHER_BYTES,
        "Other bytes of this client for stage " + stage + " are stored already; do not repeat.");
  }

  @Test
  void messages_before_and_after_their_stage_are_refused_and_change_nothing() {
    start(Suite.CLASSIC);
    SecureDevice late = devices.get(SIZE - 1);
    late.hear();
    stage(Stage.SHARE_KEYS, SIZE - 1);
    assertClosed(late.share(), "INPUT and takes no messages of stage SHARE_KEYS");
    assertThat(late.sign(late.signatureOver(new byte[32])))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    late.hear();
    assertThat(late.upload(update(9)))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the client is out of the session, its key shares were not there when those of"
                    + " the others froze; take part in another round"));

    SecureDevice dropped = devices.get(SIZE - 2);
    dropped.hear();
    stage(Stage.INPUT, SIZE - 2);
    assertThat(dropped.upload(update(8)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    dropped.hear();
    assertThat(dropped.sign())
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the client is out of the session, its update was not there when those of the"
                    + " others froze; take part in another round"));
    stage(Stage.CONSISTENCY, SIZE - 2);
    assertThat(dropped.reveal())
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STAGE_CLOSED));
    stage(Stage.UNMASK, SIZE - 2);
    coordinator.tick();

    assertCompleted(SIZE - 2);
  }

  private static void assertClosed(SubmitOutcome outcome, String what) {
    assertThat(outcome)
        .isEqualTo(
            new Refusal(
                Refusal.Reason.STAGE_CLOSED,
                "the session is at stage " + what + "; take part in another round"));
  }

  @Test
  void a_message_of_another_session_or_member_is_refused() {
    start(Suite.CLASSIC);
    devices.forEach(SecureDevice::hear);
    SignedKeyShares shares = devices.get(1).keyShares();

    assertThat(devices.get(0).share(shares))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.BAD_SIGNATURE));
    stage(Stage.SHARE_KEYS, SIZE);
    stage(Stage.INPUT, SIZE);
    devices.forEach(SecureDevice::hear);
    assertThat(devices.get(0).sign(devices.get(0).signatureOver(new byte[32])))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.BAD_SIGNATURE,
                "the signature is not this member's over the digest of the survivors"));
    stage(Stage.CONSISTENCY, SIZE);
    assertThat(devices.get(0).reveal(devices.get(1).revealed()))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.BAD_SIGNATURE));
  }

  @Test
  void keys_that_another_device_advertised_are_refused_before_the_roster_freezes() {
    plan = coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, SIZE, SIZE, 7, 3));
    devices = SecureRounds.joined(coordinator, 0, 1);
    SecureDevice copier = new SecureDevice(coordinator.coordinator, 5);
    assertThat(copier.offered()).isTrue();

    assertThat(copier.advertise(copier.advertisementWithKeysOf(devices.get(0))))
        .isEqualTo(
            new Refusal(
                Refusal.Reason.BAD_SIGNATURE,
                "a session key is that of another device; make new keys for each session"));
    assertThat(copier.advertise()).isInstanceOf(SubmitOutcome.Durable.class);
  }

  // ---- devices that lie ----

  @Test
  void liars_are_corrected_and_the_sum_is_exact() {
    start(Suite.HYBRID);
    devices.get(3).lies = true;
    stage(Stage.SHARE_KEYS, SIZE);
    stage(Stage.INPUT, SIZE - 1);
    stage(Stage.CONSISTENCY, SIZE - 1);
    stage(Stage.UNMASK, SIZE - 1);
    coordinator.tick();

    assertCompleted(SIZE - 1);
  }

  @Test
  void too_many_liars_end_the_session_and_leave_the_model() {
    start(Suite.CLASSIC);
    for (int liar : new int[] {1, 4}) {
      devices.get(liar).lies = true;
    }
    runAll();

    assertThat(((RoundState.Abandoned) coordinator.round(plan, 1).state()).reason())
        .startsWith("the sum can not be unmasked: more than 1 of 10 shares of member ")
        .endsWith(" are wrong");
    assertThat(coordinator.latest(plan.id()).version()).isZero();
  }

  @Test
  void a_commitment_to_another_secret_ends_the_session_and_names_the_member() {
    start(Suite.CLASSIC);
    SecureDevice liar = devices.get(2);
    liar.commitsToAnother = true;
    runAll();

    assertThat(((RoundState.Abandoned) coordinator.round(plan, 1).state()).reason())
        .isEqualTo(
            "the sum can not be unmasked: the self mask of member "
                + liar.index()
                + " is not the one that it committed to");
  }

  @Test
  void a_huge_update_quarantines_its_shard() {
    start(Suite.CLASSIC);
    byte[] huge = update(0);
    for (int at = 64; at < huge.length; at += 4) {
      huge[at + 3] = 0x7f;
    }
    SecureRounds.each(devices, (device, number) -> device.share());
    coordinator.tick();
    SecureRounds.each(
        devices, (device, number) -> device.upload(number == 0 ? huge : update(number)));
    coordinator.tick();
    stage(Stage.CONSISTENCY, SIZE);
    stage(Stage.UNMASK, SIZE);
    coordinator.tick();

    assertThat(((RoundState.Abandoned) coordinator.round(plan, 1).state()).reason())
        .startsWith("quarantined, it can not come from honest devices: its sum has norm ");
    assertThat(coordinator.latest(plan.id()).version()).isZero();
  }

  @Test
  void an_update_that_counts_twice_quarantines_its_shard() {
    start(Suite.CLASSIC);
    byte[] twice = update(0);
    twice[0] = 2;
    SecureRounds.each(devices, (device, number) -> device.share());
    coordinator.tick();
    SecureRounds.each(
        devices, (device, number) -> device.upload(number == 0 ? twice : update(number)));
    coordinator.tick();
    stage(Stage.CONSISTENCY, SIZE);
    stage(Stage.UNMASK, SIZE);
    coordinator.tick();

    assertThat(((RoundState.Abandoned) coordinator.round(plan, 1).state()).reason())
        .isEqualTo(
            "quarantined, it can not come from honest devices: its sum counts 11 devices but 10"
                + " have brought an update");
  }

  // ---- restarts ----

  @ParameterizedTest(name = "{0}")
  @EnumSource(value = Suite.class, names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
  void a_restart_at_every_stage_publishes_the_same_bytes_and_goes_on(Suite suite) {
    start(suite);
    for (Stage stage : STAGES) {
      Object before = published();
      coordinator = coordinator.restarted();
      devices.forEach(device -> device.move(coordinator.coordinator));
      assertThat(published()).usingRecursiveComparison().isEqualTo(before);
      stage(stage, SIZE);
    }
    coordinator.tick();

    assertCompleted(SIZE);
  }

  private Object published() {
    return devices.get(4).progress();
  }

  @Test
  void a_sum_that_was_found_is_found_again_after_a_restart_and_goes_into_one_model() {
    plan = coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 10, 3));
    List<SecureDevice> all = SecureRounds.joined(coordinator, 0, 20);
    coordinator.tick();
    List<SecureDevice> one = new ArrayList<>();
    List<SecureDevice> other = new ArrayList<>();
    for (SecureDevice device : all) {
      (device.session().equals(all.get(0).session()) ? one : other).add(device);
    }
    assertThat(one).hasSize(SIZE);
    assertThat(other).hasSize(SIZE);
    // The first shard is summed; the second has its updates in.
    devices = one;
    for (Stage stage : STAGES) {
      stage(stage, SIZE);
    }
    assertThat(coordinator.round(plan, 1).state()).isEqualTo(new RoundState.Collecting(20));
    coordinator = coordinator.restarted();
    all.forEach(device -> device.move(coordinator.coordinator));
    devices = other;
    for (Stage stage : STAGES) {
      stage(stage, SIZE);
    }
    coordinator.tick();

    assertThat(coordinator.round(plan, 1).state())
        .isInstanceOfSatisfying(
            RoundState.Completed.class,
            completed -> {
              assertThat(completed.contributors()).isEqualTo(20);
              assertThat(completed.rosterSize()).isEqualTo(20);
            });
    assertThat(coordinator.latest(plan.id()).version()).isEqualTo(1);
    assertThat(one.get(0).stage()).isEqualTo(Stage.COMPLETED);
  }

  // ---- several shards, and the record ----

  @Test
  void a_shard_that_fails_leaves_the_round_to_the_others() {
    plan = coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 10, 3));
    List<SecureDevice> all = SecureRounds.joined(coordinator, 0, 20);
    coordinator.tick();
    List<SecureDevice> lost =
        all.stream().filter(device -> !device.session().equals(all.get(0).session())).toList();
    lost.forEach(device -> device.abort(0));
    coordinator.tick();
    assertThat(lost.get(0).progress().abortReason())
        .isEqualTo(
            "only 0 of 10 devices had shared their keys when stage SHARE_KEYS closed, at least 7"
                + " are needed");
    devices = all.stream().filter(device -> !lost.contains(device)).toList();
    for (Stage stage : STAGES) {
      stage(stage, SIZE);
    }
    coordinator.tick();

    assertThat(((RoundState.Completed) coordinator.round(plan, 1).state()).contributors())
        .isEqualTo(SIZE);
    assertThat(lost.get(0).stage()).isEqualTo(Stage.ABORTED);
  }

  @Test
  void a_round_below_its_minimum_says_what_became_of_each_shard() {
    plan = coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 15, 3));
    devices = SecureRounds.joined(coordinator, 0, SIZE);
    coordinator.tick();
    coordinator.pass(Duration.ofSeconds(10));
    for (Stage stage : STAGES) {
      stage(stage, SIZE);
    }
    coordinator.pass(Duration.ofSeconds(60));

    assertThat(((RoundState.Abandoned) coordinator.round(plan, 1).state()).reason())
        .startsWith("10 updates were summed, the plan asks for at least 15: shard 1: ")
        .contains("10 updates summed")
        .contains(
            "0 devices had joined when the time to train was over, the plan asks for at least 10");
    assertThat(devices.get(0).stage()).isEqualTo(Stage.ABORTED);
  }

  @Test
  void the_record_of_a_round_holds_what_was_published_and_names_the_one_before() {
    start(Suite.CLASSIC);
    runAll();
    RoundState.Completed first = (RoundState.Completed) coordinator.round(plan, 1).state();
    RoundRecord record = record(first);

    assertThat(record.previous()).isEmpty();
    assertThat(record.newModel()).isEqualTo(coordinator.latest(plan.id()).hash());
    assertThat(record.sessions()).hasSize(1);
    assertThat(record.sessions().get(0).survivors().u3()).isEqualTo(MemberSet.all(SIZE));
    assertThat(record.flaw(new IdentityKeyCache(SIZE))).isEmpty();
    assertThat(devices.get(0).progress().recordHash()).isEqualTo(first.record());

    coordinator.tick();
    List<SecureDevice> next = new ArrayList<>();
    for (int number = 0; number < SIZE; number++) {
      SecureDevice device = new SecureDevice(coordinator.coordinator, number, 2);
      device.join();
      next.add(device);
    }
    coordinator.tick();
    devices = next;
    runAll();
    RoundRecord second = record((RoundState.Completed) coordinator.round(plan, 2).state());
    assertThat(second.previous()).contains(record.hash());
    assertThat(second.baseModel()).isEqualTo(record.newModel());
  }

  private RoundRecord record(RoundState.Completed completed) {
    ContentHash hash = requireNonNull(completed.record());
    return RoundRecord.fromBytes(coordinator.coordinator.artifacts().read(hash).orElseThrow());
  }

  @Test
  void reporter_and_accused_do_not_meet_in_the_next_round() {
    plan = coordinator.apply(SecureRounds.plan("s", Suite.CLASSIC, 20, SIZE, 10, 3));
    List<SecureDevice> all = SecureRounds.joined(coordinator, 0, 20);
    coordinator.tick();
    List<SecureDevice> shard =
        all.stream().filter(device -> device.session().equals(all.get(0).session())).toList();
    shard.forEach(SecureDevice::hear);
    SecureDevice reporter = shard.get(0);
    SecureDevice accused = shard.get(1);
    reporter.abort(accused.index());
    all.forEach(device -> device.abort(0));
    coordinator.tick();
    coordinator.tick();
    assertThat(coordinator.round(plan, 2).state()).isEqualTo(new RoundState.Open());

    assertThat(reporter.offered()).isTrue();
    assertThat(accused.offered()).isTrue();
    assertThat(accused.session()).isNotEqualTo(reporter.session());
  }

  @Test
  void a_session_that_is_over_has_left_nothing_in_the_log() {
    start(Suite.CLASSIC);
    assertThat(session().state()).isInstanceOf(SessionState.RosterFrozen.class);
    runAll();
    coordinator.tick();

    assertThat(session().state()).isInstanceOf(SessionState.Summed.class);
    assertThat(coordinator.log.sessions()).doesNotContain(session().id());
  }
}
