package io.tacit.simulation.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.session.RoundRecord;
import io.tacit.protocol.session.SessionRecord;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.ScratchDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three rounds of two shards that a coordinator did right, and what is made of them here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgeTest {

  private static final long SEED = 5;
  private static final int ROUNDS = 3;

  private final List<RoundRecord> records = new ArrayList<>();
  private ScratchDirectory scratch;
  private ScenarioPlan scenario;
  private Witness witness;

  @BeforeAll
  void runRounds() throws Exception {
    InteractionDataSet data =
        DataSetSource.parse("synthetic:news")
            .load(Path.of("unused"), SyntheticSettings.of(30, SEED));
    scenario =
        ScenarioPlan.twoTower(
            data, new ScenarioPlan.Choice(ROUNDS, 24, 1, SEED, AggregationSettings.Mode.SECURE));
    witness = new Witness(scenario.plan());
    scratch = ScratchDirectory.create("tacit-test-");
    try (InProcessRounds rounds =
        InProcessRounds.start(
            scenario.plan(),
            scenario.catalogue(),
            HonestSplit.of(data, SEED),
            new PortableEngine(),
            SEED,
            scratch.path(),
            witness)) {
      for (int i = 1; i <= ROUNDS; i++) {
        rounds.runRound();
        records.add(rounds.record(i).orElseThrow());
      }
    }
  }

  @AfterAll
  void cleanUp() throws Exception {
    scratch.close();
  }

  private Judge judge() {
    return new Judge(scenario.plan(), witness);
  }

  @Test
  void finds_nothing_in_rounds_that_were_done_right() {
    Judge judge = judge();
    records.forEach(record -> judge.completed(record, 0));
    judge.abandoned(2);

    assertThat(judge.verdict()).isEqualTo(new Judge.Verdict(2 * ROUNDS, 2, 0, List.of()));
  }

  @Test
  void finds_a_round_that_is_applied_twice() {
    Judge judge = judge();
    judge.completed(records.get(0), 0);
    judge.completed(records.get(0), 0);

    assertThat(judge.verdict().faults())
        .containsExactly(
            "round 1: its record does not name the record before it",
            "round 1: it did not start from the model of the round before it");
  }

  @Test
  void finds_a_round_that_is_left_out() {
    Judge judge = judge();
    judge.completed(records.get(0), 0);
    judge.completed(records.get(2), 0);

    assertThat(judge.verdict().faults())
        .containsExactly(
            "round 3: its record does not name the record before it",
            "round 3: it did not start from the model of the round before it");
  }

  @Test
  void finds_updates_that_nobody_sent() {
    Judge judge = new Judge(scenario.plan(), new Witness(scenario.plan()));
    judge.completed(records.get(0), 0);

    assertThat(judge.verdict().faults())
        .anyMatch(
            fault -> fault.matches("round 1: an update is in the sum that device .* did not send"))
        .anyMatch(
            fault -> fault.matches("round 1: the sum of session .* is not that of its updates"));
  }

  @Test
  void finds_a_session_that_is_missing_with_its_acknowledged_updates() {
    RoundRecord first = records.get(0);
    Judge judge = judge();
    judge.completed(withSessions(first, first.sessions().subList(0, 1), first.newModel()), 0);

    assertThat(judge.verdict().faults())
        .anyMatch(fault -> fault.contains("whose update was acknowledged, is on no roster"))
        .contains("round 1: its model is not the one that its updates make, applied once");
  }

  @Test
  void finds_a_sum_that_is_another() {
    RoundRecord first = records.get(0);
    SessionRecord session = first.sessions().get(0);
    SessionRecord altered =
        new SessionRecord(
            session.session(),
            session.suite(),
            session.roster(),
            session.survivors(),
            session.signatures(),
            ContentHash.of(new byte[1]));
    Judge judge = judge();
    judge.completed(
        withSessions(first, List.of(altered, first.sessions().get(1)), first.newModel()), 0);

    assertThat(judge.verdict().faults())
        .containsExactly(
            "round 1: the sum of session " + session.session() + " is not that of its updates");
  }

  @Test
  void finds_a_model_that_is_another() {
    RoundRecord first = records.get(0);
    Judge judge = judge();
    judge.completed(withSessions(first, first.sessions(), ContentHash.of(new byte[2])), 0);

    assertThat(judge.verdict().faults())
        .containsExactly("round 1: its model is not the one that its updates make, applied once");
  }

  private static RoundRecord withSessions(
      RoundRecord record, List<SessionRecord> sessions, ContentHash newModel) {
    return RoundRecord.of(
        record.round(),
        record.previous(),
        record.planHash(),
        record.baseModel(),
        newModel,
        sessions);
  }
}
