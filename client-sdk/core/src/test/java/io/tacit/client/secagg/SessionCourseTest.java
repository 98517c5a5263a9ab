package io.tacit.client.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SessionTranscript;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.protocol.session.Survivors;
import io.tacit.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions of real devices, some of which drop out. */
class SessionCourseTest {

  private static final int SIZE = 11;
  private static final int DROPOUTS = SessionTranscript.dropoutsTolerated(SIZE);

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "HYBRID"})
  void the_sum_is_exact_when_nobody_is_lost(Suite suite) {
    AdversarialCoordinator session = new AdversarialCoordinator(suite, SIZE);
    MemberSet all = session.all();
    session.masked().sign(all, all, all).reveal(all, all);

    assertThat(session.unmaskedSum(all, all, all)).isEqualTo(session.plainSum(all));
    // And what one device sent says nothing: no lane is what it was.
    int[] masked =
        AdversarialCoordinator.lanes(AdversarialCoordinator.sent(session.device(3).masked));
    int same = 0;
    for (int i = 0; i < masked.length; i++) {
      same += masked[i] == session.device(3).plain[i] ? 1 : 0;
    }
    assertThat(same).isLessThan(3);
  }

  static Stream<Arguments> losses() {
    return Stream.of(Suite.CLASSIC, Suite.HYBRID)
        .flatMap(
            suite ->
                Stream.of(1, 2, 3, 4)
                    .flatMap(
                        stage ->
                            Stream.of(0, 1, DROPOUTS, DROPOUTS + 1)
                                .map(lost -> Arguments.of(suite, stage, lost))));
  }

  /**
   * @param stage before which they are lost: 1 shares, 2 input, 3 signature, 4 reveal
   */
  @ParameterizedTest(name = "suite {0}, lost before R{1}: {2}")
  @MethodSource("losses")
  void the_sum_is_exact_while_as_many_are_lost_as_may_be_and_else_nothing_is_revealed(
      Suite suite, int stage, int lost) {
    AdversarialCoordinator session = new AdversarialCoordinator(suite, SIZE);
    int[] gone = new int[lost];
    for (int i = 0; i < lost; i++) {
      gone[i] = 2 + 3 * i;
    }
    MemberSet rest = session.allBut(gone);
    MemberSet u2 = stage <= 1 ? rest : session.all();
    MemberSet u3 = stage <= 2 ? rest : session.all();
    MemberSet signers = stage <= 3 ? rest : session.all();
    session.share(u2);
    if (lost > DROPOUTS && stage == 1) {
      assertLeft(session.device(1).inbox(session.inbox(1, u2)), AbortReason.POLICY_THRESHOLD);
      return;
    }
    session.mask(u2, u3);
    if (lost > DROPOUTS && stage == 2) {
      assertLeft(session.device(1).survivors(new Survivors(u2, u3)), AbortReason.POLICY_THRESHOLD);
      return;
    }
    session.sign(u2, u3, signers);
    if (lost > DROPOUTS && stage == 3) {
      assertLeft(session.device(1).signatures(session.signatures(signers)), AbortReason.SIG_QUORUM);
      return;
    }
    // Lost at the last stage, one too many reveal too few shares; that is for the coordinator.
    session.reveal(signers, rest);
    if (lost <= DROPOUTS) {
      assertThat(session.unmaskedSum(u2, u3, rest)).isEqualTo(session.plainSum(u3));
    } else {
      assertThat(rest.size()).isLessThan(session.threshold());
    }
  }

  static Stream<Arguments> lossesAtTheFloor() {
    return Stream.of(Suite.CLASSIC, Suite.HYBRID)
        .flatMap(
            suite ->
                Stream.of(1, 2)
                    .flatMap(
                        stage -> Stream.of(1, 2).map(lost -> Arguments.of(suite, stage, lost))));
  }

  /**
   * Ten of eleven by the plan, where the threshold would be eight.
   *
   * @param stage before which they are lost: 1 shares, 2 input
   */
  @ParameterizedTest(name = "suite {0}, lost before R{1}: {2}")
  @MethodSource("lossesAtTheFloor")
  void the_sum_is_exact_down_to_the_plans_floor_and_below_it_nobody_goes_on(
      Suite suite, int stage, int lost) {
    AdversarialCoordinator session = new AdversarialCoordinator(suite, SIZE, new SurvivorFloor(90));
    MemberSet rest = lost == 1 ? session.allBut(4) : session.allBut(4, 9);
    MemberSet u2 = stage == 1 ? rest : session.all();
    session.share(u2);
    if (lost == 2 && stage == 1) {
      rest.forEach(
          index ->
              assertLeft(
                  session.device(index).inbox(session.inbox(index, u2)),
                  AbortReason.POLICY_THRESHOLD));
      return;
    }
    session.mask(u2, rest);
    if (lost == 2) {
      rest.forEach(
          index -> {
            AdversarialCoordinator.Device device = session.device(index);
            assertLeft(device.survivors(new Survivors(u2, rest)), AbortReason.POLICY_THRESHOLD);
            assertThat(device.signature).isNull();
          });
      return;
    }
    // After that as many may be lost as without a floor.
    MemberSet revealers = without(SIZE, List.of(4, 1, 2), 3);
    session.sign(u2, rest, revealers).reveal(revealers, revealers);

    assertThat(session.unmaskedSum(u2, rest, revealers)).isEqualTo(session.plainSum(rest));
  }

  private static void assertLeft(Step<?> step, AbortReason reason) {
    assertThat(step).isInstanceOf(Step.Leave.class);
    assertThat(((Step.Leave<?>) step).reason()).isEqualTo(reason);
  }

  static LongStream seeds() {
    return Seeds.upTo(12);
  }

  /** U2 is not the roster, and U3 is not U2, in the same session. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void the_sum_is_exact_whoever_is_lost_at_whichever_stages(long seed) {
    Random random = new Random(seed);
    int size = 10 + random.nextInt(8);
    AdversarialCoordinator session =
        new AdversarialCoordinator(random.nextInt(3) == 0 ? Suite.HYBRID : Suite.CLASSIC, size);
    List<Integer> order = new ArrayList<>();
    for (int index = 1; index <= size; index++) {
      order.add(index);
    }
    Collections.shuffle(order, random);
    int[] lost = new int[4];
    int left = SessionTranscript.dropoutsTolerated(size);
    for (int stage = 0; stage < 4; stage++) {
      // One before R1 and one before R2 at the least.
      lost[stage] = stage < 2 && left > 1 - stage ? 1 : random.nextInt(left + 1);
      left -= lost[stage];
    }
    MemberSet u2 = without(size, order, lost[0]);
    MemberSet u3 = without(size, order, lost[0] + lost[1]);
    MemberSet signers = without(size, order, lost[0] + lost[1] + lost[2]);
    MemberSet revealers = without(size, order, lost[0] + lost[1] + lost[2] + lost[3]);
    session.share(u2).mask(u2, u3).sign(u2, u3, signers).reveal(signers, revealers);

    assertThat(u2).isNotEqualTo(session.all());
    assertThat(u3).isNotEqualTo(u2);
    assertThat(session.unmaskedSum(u2, u3, revealers)).isEqualTo(session.plainSum(u3));
  }

  private static MemberSet without(int size, List<Integer> order, int count) {
    int[] lost = order.subList(0, count).stream().mapToInt(Integer::intValue).toArray();
    return MemberSet.all(size).minus(MemberSet.of(size, lost));
  }
}
