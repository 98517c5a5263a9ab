package io.tacit.coordinator.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.coordinator.rounds.PollOutcome.Assignment;
import io.tacit.protocol.ClientId;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.plan.TrainingPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets work, who is sent away and for how long, and who may check in with it. */
class AssignmentTest {

  private static final ContentHash OTHER = ContentHash.of(new byte[] {1});

  @TempDir Path directory;

  private TestCoordinator coordinator;

  @BeforeEach
  void open() {
    coordinator = TestCoordinator.in(directory);
  }

  @AfterEach
  void close() {
    coordinator.close();
  }

  @Test
  void gives_the_work_of_the_open_round() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 7, 4, 2, 3));

    assertThat(coordinator.device(1).poll())
        .isEqualTo(
            new Assignment(
                new RoundId(plan.id(), 1),
                7,
                plan.contentHash(),
                coordinator.latest(plan.id()).hash(),
                Duration.ofSeconds(60)));
  }

  @Test
  void gives_no_work_of_another_population() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));

    assertSentAway(
        coordinator.rounds().poll("tests", coordinator.device(1).id(), ScriptedDevice.KINDS),
        ComeBack.Reason.NO_ROUND);
  }

  @Test
  void gives_no_work_while_no_round_is_open() {
    assertSentAway(coordinator.device(1).poll(), ComeBack.Reason.NO_ROUND);
  }

  @Test
  void gives_no_work_that_a_device_cannot_do() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    ClientId client = coordinator.device(1).id();

    assertSentAway(
        coordinator.rounds().poll("test", client, Set.of("two-tower", "neural-cf")),
        ComeBack.Reason.MODEL_KIND_UNKNOWN);
    assertSentAway(
        coordinator.rounds().poll("test", client, Set.of()), ComeBack.Reason.MODEL_KIND_UNKNOWN);
  }

  @Test
  void assigns_at_most_cohort_times_over_selection() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));

    for (int i = 0; i < 6; i++) {
      assertThat(coordinator.device(i).poll()).isInstanceOf(Assignment.class);
    }
    assertSentAway(coordinator.device(6).poll(), ComeBack.Reason.ROUND_FULL);
  }

  @Test
  void gives_the_same_device_the_same_work_again_with_the_time_that_is_left() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    for (int i = 0; i < 6; i++) {
      coordinator.device(i).poll();
    }
    coordinator.clock.advance(Duration.ofSeconds(15));

    Assignment again = (Assignment) coordinator.device(5).poll();

    assertThat(again.round().number()).isEqualTo(1);
    assertThat(again.trainWithin()).isEqualTo(Duration.ofSeconds(45));
    assertSentAway(coordinator.device(6).poll(), ComeBack.Reason.ROUND_FULL);
  }

  @Test
  void gives_no_work_to_a_device_that_has_joined() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    ScriptedDevice device = coordinator.joined(1, 1).get(0);

    assertSentAway(device.poll(), ComeBack.Reason.ALREADY_JOINED);
  }

  @Test
  void gives_work_of_the_next_plan_when_the_first_has_none_left() {
    coordinator.apply(TestCoordinator.plan("a", 1, 1, 1, 3));
    coordinator.apply(TestCoordinator.plan("b", 1, 1, 1, 3));

    List<String> plans =
        List.of(1, 2, 3, 4).stream().map(i -> planOf(coordinator.device(i))).toList();

    assertThat(plans).containsExactlyInAnyOrder("a", "a", "b", "b");
    assertSentAway(coordinator.device(5).poll(), ComeBack.Reason.ROUND_FULL);
  }

  private static String planOf(ScriptedDevice device) {
    return ((Assignment) device.poll()).round().plan().value();
  }

  @Test
  void offers_a_session_to_who_trained_for_the_open_round() {
    TrainingPlan plan = coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    Assignment work = (Assignment) coordinator.device(1).poll();
    coordinator.pass(Duration.ofSeconds(25));

    CheckInOutcome outcome = checkIn(work.round(), work.planHash(), work.modelHash());

    assertThat(outcome)
        .isEqualTo(
            new CheckInOutcome.Offer(
                coordinator.session(plan, 1).id(),
                0,
                // What is left of the 60 s to train: the roster may take as long to fill.
                Duration.ofSeconds(35),
                Duration.ofSeconds(20)));
  }

  @Test
  void one_device_that_polls_in_a_loop_does_not_send_the_others_away_for_longer() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    ScriptedDevice joined = coordinator.joined(0, 1).get(0);
    for (int i = 0; i < 10_000; i++) {
      assertSentAway(joined.poll(), ComeBack.Reason.ALREADY_JOINED);
    }
    for (int number = 1; number < 6; number++) {
      assertThat(coordinator.device(number).poll()).isInstanceOf(Assignment.class);
    }

    ComeBack first = (ComeBack) coordinator.device(6).poll();

    assertThat(first.reason()).isEqualTo(ComeBack.Reason.ROUND_FULL);
    // At most twice the shortest time: nobody knows yet how long rounds take.
    assertThat(first.after()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void sends_away_who_trained_for_another_round_plan_or_model() {
    coordinator.apply(TestCoordinator.plan("a", 1, 4, 2, 3));
    Assignment work = (Assignment) coordinator.device(1).poll();
    RoundId otherRound = new RoundId(work.round().plan(), 2);
    RoundId otherPlan = new RoundId(TestCoordinator.plan("b", 1, 4, 2, 3).id(), 1);

    assertStale(checkIn(otherRound, work.planHash(), work.modelHash()));
    assertStale(checkIn(otherPlan, work.planHash(), work.modelHash()));
    assertStale(checkIn(work.round(), OTHER, work.modelHash()));
    assertStale(checkIn(work.round(), work.planHash(), OTHER));
  }

  @Test
  void sends_away_who_checks_in_when_all_seats_are_taken_or_the_roster_is_frozen() {
    coordinator.apply(TestCoordinator.plan("a", 1, 2, 2, 3));
    Assignment work = (Assignment) coordinator.device(9).poll();
    coordinator.joined(1, 2);

    assertThat(checkIn(work.round(), work.planHash(), work.modelHash()))
        .isInstanceOfSatisfying(
            ComeBack.class,
            comeBack -> assertThat(comeBack.reason()).isEqualTo(ComeBack.Reason.ROUND_FULL));
    coordinator.tick();
    assertStale(checkIn(work.round(), work.planHash(), work.modelHash()));
  }

  private CheckInOutcome checkIn(RoundId round, ContentHash plan, ContentHash model) {
    return coordinator.rounds().checkIn(round, plan, model, coordinator.device(9).id());
  }

  private static void assertStale(CheckInOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ComeBack.class,
            comeBack -> {
              assertThat(comeBack.reason()).isEqualTo(ComeBack.Reason.STALE);
              assertThat(comeBack.after()).isBetween(Duration.ofSeconds(1), Duration.ofHours(24));
            });
  }

  private static void assertSentAway(PollOutcome outcome, ComeBack.Reason reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            ComeBack.class,
            comeBack -> {
              assertThat(comeBack.reason()).isEqualTo(reason);
              assertThat(comeBack.after()).isBetween(Duration.ofSeconds(1), Duration.ofHours(24));
            });
  }
}
