package io.tacit.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.RoundId;
import io.tacit.protocol.Suite;
import io.tacit.protocol.masking.MemberSet;
import io.tacit.protocol.masking.SurvivorFloor;
import io.tacit.testing.Fuzz;
import io.tacit.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices drop out before each stage, up to as many as the threshold allows. */
class WholeSessionTest {

  static Stream<Arguments> sessions() {
    return Stream.concat(
        Seeds.upTo(12).mapToObj(seed -> Arguments.of(Suite.CLASSIC, seed)),
        Seeds.upTo(6).mapToObj(seed -> Arguments.of(Suite.HYBRID, seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("sessions")
  void the_sum_of_the_survivors_is_exact_whoever_drops_out_when(Suite suite, long seed) {
    Random random = new Random(seed);
    int n = 10 + random.nextInt(suite == Suite.HYBRID ? 4 : 11);
    SimulatedSession session = new SimulatedSession(suite, n, 257, random);
    int spare = n - session.threshold();
    int beforeSharing = random.nextInt(spare + 1);
    int beforeInput = random.nextInt(spare - beforeSharing + 1);
    int beforeUnmask = random.nextInt(spare - beforeSharing - beforeInput + 1);
    List<Integer> order = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);

    session.share(without(order, beforeSharing));
    int[] sum = session.sumOfMasked(without(order, beforeSharing + beforeInput));
    assertThat(sum).isNotEqualTo(session.sumOfUpdates());
    session.unmask(sum, without(order, beforeSharing + beforeInput + beforeUnmask));

    assertThat(sum).isEqualTo(session.sumOfUpdates());
  }

  private static MemberSet without(List<Integer> order, int dropped) {
    return MemberSet.of(
        order.size(), order.subList(dropped, order.size()).stream().mapToInt(i -> i).toArray());
  }

  @Test
  void what_it_did_can_be_checked_from_its_record() {
    SimulatedSession session = new SimulatedSession(Suite.CLASSIC, 10, 4, new Random(1));
    session.share(MemberSet.all(10));
    session.sumOfMasked(MemberSet.of(10, 1, 2, 3, 5, 6, 7, 8, 10));
    RoundRecord record = record(session, session.survivors(), session.signatures());

    RoundRecord read = RoundRecord.fromBytes(record.toBytes());

    assertThat(read.flaw(session.keys)).isEmpty();
    assertThat(read.hash()).isEqualTo(record.hash());
    assertThat(read.round()).isEqualTo(new RoundId(new PlanId("shop"), 7));
    assertThat(read.previous()).contains(SimulatedSession.MODEL);
    assertThat(read.planHash()).isEqualTo(SimulatedSession.PLAN);
    assertThat(read.baseModel()).isEqualTo(SimulatedSession.MODEL);
    assertThat(read.newModel()).isEqualTo(SimulatedSession.PLAN);
    assertThat(read.sessions()).hasSize(1);
    assertThat(read.sessions().get(0).survivors()).isEqualTo(session.survivors());
    assertThat(read.toString()).startsWith("RoundRecord[");
  }

  @Test
  void a_record_of_other_survivors_or_with_too_few_signatures_has_a_flaw() {
    SimulatedSession session = new SimulatedSession(Suite.CLASSIC, 10, 4, new Random(1));
    session.share(MemberSet.all(10));
    session.sumOfMasked(MemberSet.of(10, 1, 2, 3, 5, 6, 7, 8, 10));
    SignatureSet signatures = session.signatures();

    assertThat(
            record(
                    session,
                    new Survivors(MemberSet.all(10), MemberSet.of(10, 1, 2, 3, 5, 6, 7, 8)),
                    signatures)
                .flaw(session.keys))
        .contains(
            "session "
                + session.id
                + ": 0 survivors have signed for the survivors, must be 7 or more");
    assertThat(
            record(
                    session,
                    session.survivors(),
                    new SignatureSet(signatures.signatures().subList(0, 6)))
                .flaw(session.keys))
        .contains(
            "session "
                + session.id
                + ": 6 survivors have signed for the survivors, must be 7 or more");
    assertThat(
            record(
                    session,
                    new Survivors(MemberSet.all(10), MemberSet.of(10, 1, 2, 3, 5, 6, 7)),
                    signatures)
                .flaw(session.keys))
        .isPresent();
    assertThat(
            record(
                    session,
                    new Survivors(
                        MemberSet.of(10, 1, 2, 3, 5, 6, 7), MemberSet.of(10, 1, 2, 3, 5, 6, 7, 8)),
                    signatures)
                .flaw(session.keys)
                .orElseThrow())
        .contains("survivors are {1, 2, 3, 5, 6, 7, 8} of 10, must be 7 or more of");
  }

  @Test
  void a_record_with_fewer_survivors_than_its_plan_asks_for_has_a_flaw() {
    SimulatedSession session = new SimulatedSession(Suite.CLASSIC, 10, 4, new Random(1));
    session.share(MemberSet.all(10));
    session.sumOfMasked(MemberSet.of(10, 1, 2, 3, 5, 6, 7, 8, 10));
    RoundRecord record = record(session, session.survivors(), session.signatures());

    assertThat(record.flaw(session.keys, new SurvivorFloor(80))).isEmpty();
    assertThat(record.flaw(session.keys, new SurvivorFloor(90)))
        .contains(
            "session "
                + session.id
                + ": survivors are {1, 2, 3, 5, 6, 7, 8, 10} of 10, must be 9 or more of "
                + MemberSet.all(10));
  }

  @Test
  void a_record_of_another_plan_model_or_round_has_a_flaw() {
    SimulatedSession session = new SimulatedSession(Suite.CLASSIC, 10, 4, new Random(1));
    session.share(MemberSet.all(10));
    session.sumOfMasked(MemberSet.all(10));
    SessionRecord inner =
        record(session, session.survivors(), session.signatures()).sessions().get(0);
    String flaw =
        "session "
            + session.id
            + ": entry 1 of the roster was not signed for this session, or is not of its form";
    ContentHash other = ContentHash.of(new byte[] {3});

    assertThat(record(7, SimulatedSession.PLAN, other, inner).flaw(session.keys)).contains(flaw);
    assertThat(record(7, other, SimulatedSession.MODEL, inner).flaw(session.keys)).contains(flaw);
    assertThat(record(8, SimulatedSession.PLAN, SimulatedSession.MODEL, inner).flaw(session.keys))
        .contains(flaw);
  }

  @Test
  @Tag(Fuzz.TAG)
  void a_damaged_record_is_refused_as_documented_or_has_another_hash() {
    SimulatedSession session = new SimulatedSession(Suite.CLASSIC, 10, 4, new Random(1));
    session.share(MemberSet.all(10));
    session.sumOfMasked(MemberSet.all(10));
    RoundRecord record = record(session, session.survivors(), session.signatures());
    byte[] bytes = record.toBytes();

    Fuzz.of(bytes)
        .refusedWith(IllegalArgumentException.class)
        .feed(
            input ->
                assertThat(RoundRecord.fromBytes(input).hash().equals(record.hash()))
                    .isEqualTo(Arrays.equals(input, bytes)));
  }

  @Test
  void a_record_has_each_session_once_and_in_order() {
    SimulatedSession session = new SimulatedSession(Suite.CLASSIC, 10, 4, new Random(1));
    session.share(MemberSet.all(10));
    session.sumOfMasked(MemberSet.all(10));
    SessionRecord inner =
        record(session, session.survivors(), session.signatures()).sessions().get(0);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RoundRecord.of(
                    new RoundId(new PlanId("shop"), 7),
                    Optional.empty(),
                    SimulatedSession.PLAN,
                    SimulatedSession.MODEL,
                    SimulatedSession.PLAN,
                    List.of(inner, inner)))
        .withMessage("sessions are not in ascending order of their ids, each once");
  }

  private static RoundRecord record(
      SimulatedSession session, Survivors survivors, SignatureSet signatures) {
    return record(
        SimulatedSession.ROUND,
        SimulatedSession.PLAN,
        SimulatedSession.MODEL,
        new SessionRecord(
            session.id,
            session.suite,
            session.roster,
            survivors,
            signatures,
            ContentHash.of(new byte[0])));
  }

  private static RoundRecord record(
      long round, ContentHash plan, ContentHash base, SessionRecord session) {
    return RoundRecord.of(
        new RoundId(new PlanId("shop"), round),
        Optional.of(SimulatedSession.MODEL),
        plan,
        base,
        SimulatedSession.PLAN,
        List.of(session));
  }
}
