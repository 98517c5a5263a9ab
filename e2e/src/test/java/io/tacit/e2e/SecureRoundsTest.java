package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tacit.client.connection.CoordinatorConnection;
import io.tacit.client.policy.ClientPolicy;
import io.tacit.client.rounds.ParticipantSettings;
import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.PrivacySettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.protocol.privacy.HonestShare;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.data.SyntheticSettings;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.models.ScenarioPlan;
import io.tacit.simulation.population.ClosingApps;
import io.tacit.simulation.population.DeviceParts;
import io.tacit.simulation.population.Fleet;
import io.tacit.simulation.population.Population;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secure aggregation between real processes: killed, and looked at afterwards. */
class SecureRoundsTest {

  private static final Pattern LAST_LINE =
      Pattern.compile("kills=2 completed=([1-9][0-9]*) aborted=[0-9]+ lost=0\\s*$");

  @TempDir Path directory;

  @Test
  void a_coordinator_that_is_killed_under_live_devices_loses_nothing_and_sums_nothing_twice()
      throws Exception {
    TacitCommand.Run run =
        new TacitCommand(directory)
            .runWithin(Duration.ofMinutes(5), "chaos", "--kills", "2", "--seed", "7");

    assertThat(run.exitCode()).as(run.output()).isZero();
    Matcher last = LAST_LINE.matcher(run.output());
    assertThat(last.find()).as(run.output()).isTrue();
    // Two rounds of two shards completed after the last kill.
    assertThat(Integer.parseInt(last.group(1))).isGreaterThanOrEqualTo(2);
  }

  @Test
  void records_of_rounds_hold_offline_and_altered_or_mixed_up_ones_do_not() throws Exception {
    TacitCommand tacit = new TacitCommand(directory);
    Path first = directory.resolve("1.record");
    Path second = directory.resolve("2.record");
    Path bundle = directory.resolve("bundle");
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      runTwoRounds(coordinator, PrivacySettings.NONE);
      assertThat(download(tacit, coordinator, 1, first).exitCode()).isZero();
      assertThat(download(tacit, coordinator, 2, second).exitCode()).isZero();
      assertThat(download(tacit, coordinator, 3, directory.resolve("3.record")).output())
          .contains("record of round 3 of plan synthetic-news");
      assertThat(
              tacit
                  .at(coordinator, "model", "bundle", "synthetic-news", "-o", bundle.toString())
                  .exitCode())
          .isZero();
    }

    TacitCommand.Run whole = tacit.run("verify-round", first.toString(), second.toString());
    assertThat(whole.exitCode()).as(whole.output()).isZero();
    assertThat(whole.output())
        .contains("round 1 of plan synthetic-news, 2 shards")
        .contains("holds");

    TacitCommand.Run withPlan =
        tacit.run(
            "verify-round", "--plan", bundle.resolve("plan.bin").toString(), first.toString());
    assertThat(withPlan.exitCode()).as(withPlan.output()).isZero();

    Path other = directory.resolve("other.bin");
    Files.write(
        other,
        TrainingPlan.fromBytes(Files.readAllBytes(bundle.resolve("plan.bin")))
            .withNotAfter(Instant.parse("2100-01-01T00:00:00Z"))
            .toBytes());
    TacitCommand.Run foreign =
        tacit.run("verify-round", "--plan", other.toString(), first.toString());
    assertThat(foreign.exitCode()).isEqualTo(1);
    assertThat(foreign.output())
        .contains("DOES NOT HOLD: it names plan ")
        .contains(", which is none of those of --plan");

    TacitCommand.Run mixedUp = tacit.run("verify-round", second.toString(), first.toString());
    assertThat(mixedUp.exitCode()).isEqualTo(1);
    assertThat(mixedUp.output())
        .contains("DOES NOT HOLD: it names nothing as the record before it");

    TacitCommand.Run signed = tacit.run("verify-round", altered(first, 4).toString());
    assertThat(signed.exitCode()).as(signed.output()).isEqualTo(1);
    assertThat(signed.output())
        .containsAnyOf("DOES NOT HOLD: session ", "is no record of a round: ");

    // What no device signs, such as the digest of a sum, the next record's name for it holds.
    TacitCommand.Run chained =
        tacit.run("verify-round", altered(first, 2).toString(), second.toString());
    assertThat(chained.exitCode()).as(chained.output()).isEqualTo(1);
  }

  @Test
  void noisy_rounds_are_on_the_ledger_after_a_kill_and_tell_neither_loss_nor_examples()
      throws Exception {
    TacitCommand tacit = new TacitCommand(directory);
    try (RunningCoordinator coordinator = new RunningCoordinator(directory)) {
      runTwoRounds(
          coordinator,
          new PrivacySettings.Noise(
              PrivacySettings.Mechanism.DISTRIBUTED,
              1,
              1e-3,
              500,
              40,
              1,
              HonestShare.Dishonest.TENTH,
              PrivacySettings.Budget.UNLIMITED));
      JsonNode before = coordinator.api().privacy("synthetic-news");

      coordinator.kill();
      coordinator.startAgain();

      assertThat(coordinator.api().privacy("synthetic-news")).isEqualTo(before);
      assertThat(before.path("rounds").asInt()).isGreaterThanOrEqualTo(2);
      assertThat(before.path("soFar").path("models").asDouble()).isPositive();
      assertThat(before.path("soFar").path("coordinator").asDouble())
          .isGreaterThanOrEqualTo(before.path("soFar").path("models").asDouble());
      for (JsonNode round : coordinator.api().rounds("synthetic-news", 0, 100)) {
        assertThat(round.has("meanLoss")).isFalse();
      }
      assertThat(tacit.at(coordinator, "privacy", "show", "synthetic-news").output())
          .contains("mechanism                 distributed")
          .contains("- The unit is one device");
    }
  }

  /** The record with one bit flipped at this part of its length. */
  private Path altered(Path record, int part) throws Exception {
    byte[] bytes = Files.readAllBytes(record);
    bytes[bytes.length / part] ^= 1;
    return Files.write(directory.resolve("altered-" + part + ".record"), bytes);
  }

  private static TacitCommand.Run download(
      TacitCommand tacit, RunningCoordinator coordinator, int round, Path file) throws Exception {
    return tacit.at(
        coordinator,
        "round",
        "record",
        "synthetic-news",
        Integer.toString(round),
        "-o",
        file.toString());
  }

  /** Now and then somebody closes the app when the update is about to leave. */
  private void runTwoRounds(RunningCoordinator coordinator, PrivacySettings privacy)
      throws Exception {
    InteractionDataSet data =
        DataSetSource.parse("synthetic:news").load(Path.of("unused"), SyntheticSettings.of(40, 3));
    HonestSplit split = HonestSplit.of(data, 3);
    ScenarioPlan scenario =
        ScenarioPlan.twoTower(
            data, new ScenarioPlan.Choice(2, 24, 1.3, 3, AggregationSettings.Mode.SECURE));
    Path catalogue = directory.resolve("catalogue");
    Files.write(catalogue, scenario.catalogue().toBytes());
    coordinator.api().putCatalogue(catalogue);
    coordinator.apply(scenario.plan().withPrivacy(privacy));
    try (CoordinatorConnection connection = coordinator.connect();
        Fleet fleet =
            new Fleet(
                Population.of(
                        split,
                        directory.resolve("devices"),
                        DeviceParts.of(
                            ParticipantSettings.of(
                                scenario.plan().population(), ClientPolicy.development()),
                            connection,
                            new PortableEngine()),
                        Population.Chance.SECURE,
                        3,
                        new ClosingApps(0.05, 3))
                    .devices(),
                40,
                3,
                outcome -> {})) {
      fleet.start();
      RunningCoordinator.await(
          "the plan to finish",
          Duration.ofSeconds(120),
          () -> state(coordinator, scenario).equals("FINISHED"));
      assertThat(fleet.failure()).isNull();
    }
    for (JsonNode round : coordinator.rounds(scenario.plan())) {
      if (round.path("state").asText().equals("COMPLETED")) {
        assertThat(round.path("recordHash").asText()).hasSize(64);
      }
    }
  }

  private static String state(RunningCoordinator coordinator, ScenarioPlan scenario) {
    try {
      return coordinator.api().plan(scenario.plan().id().value()).path("state").asText();
    } catch (Exception e) {
      throw new AssertionError("the coordinator does not show the plan", e);
    }
  }
}
