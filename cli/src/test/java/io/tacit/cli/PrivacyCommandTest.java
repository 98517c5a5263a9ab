package io.tacit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyCommandTest {

  @TempDir Path directory;

  private static CommandRun plan(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "privacy";
    all[1] = "plan";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return CommandRun.of(all);
  }

  @Test
  void gives_the_noise_for_a_target_and_both_epsilons_with_what_they_assume() throws Exception {
    JsonNode document =
        plan(
                "--epsilon",
                "8",
                "--users",
                "50000",
                "--delta",
                "1e-5",
                "--participations",
                "5",
                "--json")
            .json();

    double z = document.path("noiseMultiplier").asDouble();
    assertThat(document.path("epsilon").path("models").asDouble()).isCloseTo(8, within(0.01));
    assertThat(document.path("epsilon").path("models").asDouble()).isLessThanOrEqualTo(8);
    assertThat(document.path("epsilon").path("coordinator").asDouble()).isGreaterThan(8);
    // Two shards: one of them has half the variance.
    assertThat(document.path("shardNoiseMultiplier").asDouble())
        .isCloseTo(z / Math.sqrt(2), within(1e-6));
    assertThat(document.path("assumptions")).hasSizeGreaterThan(5);
  }

  @Test
  void the_section_that_it_prints_is_one_that_plans_take() throws IOException {
    CommandRun planned =
        plan(
            "--epsilon",
            "4",
            "--users",
            "20000",
            "--participations",
            "3",
            "--cohort",
            "64",
            "--shard-size",
            "32");
    String section = planned.out().substring(planned.out().indexOf("privacy: {"));
    Path file =
        Files.writeString(
            directory.resolve("plan.yaml"),
            """
            id: p
            version: 1
            population: test
            model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
            features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
            cohort: {size: 64}
            aggregation: {shards: {size: 32}}
            """
                + section);

    CommandRun again =
        plan("--epsilon", "4", "--users", "20000", "--participations", "3", file.toString());

    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains(section.strip());
    assertThat(planned.out())
        .startsWith("Noise multiplier ")
        .contains("Against whoever sees the models: epsilon 4.00 at delta 5.0E-6")
        .contains("Against the coordinator: epsilon ");
  }

  @Test
  void says_what_shards_must_keep_where_noise_counts_on_more_than_the_threshold() throws Exception {
    String[] options = {
      "--epsilon",
      "8",
      "--users",
      "22716",
      "--participations",
      "5",
      "--cohort",
      "896",
      "--shard-size",
      "128",
      "--shard-minimum",
      "128",
      "--shards-minimum",
      "7",
      "--survivors",
      "90",
      "--json"
    };

    JsonNode document = plan(options).json();
    String text = plan(java.util.Arrays.copyOf(options, options.length - 1)).out();

    assertThat(document.path("survivorsPercent").asInt()).isEqualTo(90);
    assertThat(text)
        .contains("At least 104 devices in the sum of a shard and 728 in a published model")
        .contains("dishonest: tenth}\nand in aggregation.shards:\nsurvivors-percent: 90");
    options[15] = "50";
    assertThat(plan(options).exitCode()).isEqualTo(2);
    assertThat(plan(options).err())
        .startsWith("aggregation.shards.survivors-percent is 50, must be 67 to 100; leave it out");
  }

  @Test
  void the_share_that_must_be_in_a_sum_comes_from_the_file() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("plan.yaml"),
            """
            id: p
            version: 1
            population: test
            model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
            features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
            cohort: {size: 64}
            aggregation: {shards: {size: 64, minimum: 64, survivors-percent: 90}}
            """);

    assertThat(
            plan("--epsilon", "4", "--users", "20000", "--participations", "3", file.toString())
                .out())
        // 58 of 64, less 6.
        .contains("At least 52 devices in the sum of a shard");
  }

  @Test
  void a_trusted_coordinator_is_told_to_be_unbounded() throws Exception {
    CommandRun run =
        plan(
            "--epsilon",
            "8",
            "--users",
            "50000",
            "--participations",
            "5",
            "--mechanism",
            "central");

    assertThat(run.out()).contains("Against the coordinator: epsilon unbounded");
  }

  @Test
  void refuses_what_no_noise_reaches_and_says_what_to_do() {
    CommandRun delta =
        plan("--epsilon", "8", "--users", "50000", "--participations", "5", "--delta", "0.1");
    CommandRun nothing = plan("--epsilon", "8");

    assertThat(delta.exitCode()).isEqualTo(2);
    assertThat(delta.err()).startsWith("delta is 0.1, must be above 0 and below 1/users");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.err()).startsWith("Missing required options: '--users=N'");
  }

  @Test
  void trains_at_several_epsilons_and_writes_table_json_and_page() throws Exception {
    Path json = directory.resolve("curve.json");
    Path html = directory.resolve("curve.html");

    CommandRun run =
        CommandRun.of(
            "privacy",
            "curve",
            "--data",
            "synthetic:news",
            "--epsilons",
            "none,8",
            "--mechanisms",
            "central",
            "--delta",
            "1e-4",
            "--rounds",
            "2",
            "--cohort",
            "64",
            "--shard-size",
            "32",
            "--json",
            json.toString(),
            "--html",
            html.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .containsPattern("none +nobody +- +none +0\\.")
        .containsPattern("8\\.00 +coordinator +[0-9.]+ +unbounded +0\\.");
    JsonNode points = new ObjectMapper().readTree(json.toFile()).path("points");
    assertThat(points).hasSize(2);
    assertThat(points.path(1).path("epsilonModels").asDouble()).isCloseTo(8, within(0.01));
    assertThat(points.path(1).path("epsilonCoordinator").isNull()).isTrue();
    assertThat(Files.readString(html)).contains("<svg").contains("noise by coordinator");
  }

  private static final String LEDGER =
      """
      {"plan": "shop", "version": 2, "mechanism": "distributed", "delta": 1e-5,
       "participationsMax": 5, "rounds": 3, "roundsWithoutNoise": 0,
       "soFar": {"models": 3.401, "coordinator": 10.5},
       "atCap": {"models": 8.75, "coordinator": null},
       "updates": {"noiseMultiplier": 2.5, "shardNoiseMultiplier": 1.25,
         "soFar": {"models": 3.001, "coordinator": 9.5},
         "atCap": {"models": 7.9, "coordinator": null},
         "budget": {"models": 3, "coordinator": null}},
       "metrics": %s,
       "assumptions": ["The unit is one device."], "stop": "privacy budget: spent"}
      """;

  private static CommandRun show(String metrics) throws IOException {
    try (RestCoordinator coordinator = new RestCoordinator()) {
      coordinator.json("GET /api/v1/plans/shop/privacy", 200, LEDGER.formatted(metrics));
      return CommandRun.of("privacy", "show", "shop", "--url", coordinator.url().toString());
    }
  }

  @Test
  void shows_both_epsilons_of_the_ledger_and_why_it_stopped() throws IOException {
    assertThat(show("null").out())
        .contains(
            """
            BY       EPSILON AGAINST   NOISE  SO FAR  AT THE CAP  BUDGET
            updates  models           2.5000    3.01  7.90        3
            updates  coordinator      1.2500    9.50  unbounded   none
            all      models                -    3.41  8.75        -
            all      coordinator           -   10.50  unbounded   -
            """)
        .contains("- The unit is one device.\n")
        .contains("No more rounds: privacy budget: spent.");
  }

  @Test
  void shows_what_metrics_told_beside_updates_and_all_of_it() throws IOException {
    assertThat(
            show("""
            {"noiseMultiplier": 4, "shardNoiseMultiplier": 2,
             "soFar": {"models": 1.5, "coordinator": 4},
             "atCap": {"models": 3, "coordinator": null},
             "budget": {"models": null, "coordinator": 50}}
            """)
                .out())
        .contains(
            """
            BY       EPSILON AGAINST   NOISE  SO FAR  AT THE CAP  BUDGET
            updates  models           2.5000    3.01  7.90        3
            updates  coordinator      1.2500    9.50  unbounded   none
            metrics  models           4.0000    1.50  3.00        none
            metrics  coordinator      2.0000    4.00  unbounded   50
            all      models                -    3.41  8.75        -
            all      coordinator           -   10.50  unbounded   -
            """);
  }

  @Test
  void gives_the_noise_of_metrics_for_a_target_of_their_own_and_what_both_tell() throws Exception {
    String[] options = {
      "--epsilon",
      "8",
      "--users",
      "50000",
      "--delta",
      "1e-5",
      "--participations",
      "5",
      "--metrics-epsilon",
      "4",
      "--json"
    };

    JsonNode document = plan(options).json();
    String text = plan(java.util.Arrays.copyOf(options, options.length - 1)).out();

    JsonNode metrics = document.path("metrics");
    assertThat(metrics.path("epsilon").path("models").asDouble()).isCloseTo(4, within(0.01));
    assertThat(metrics.path("epsilon").path("models").asDouble()).isLessThanOrEqualTo(4);
    assertThat(metrics.path("noiseMultiplier").asDouble())
        .isGreaterThan(document.path("noiseMultiplier").asDouble());
    assertThat(document.at("/updates/epsilon/models").asDouble()).isCloseTo(8, within(0.01));
    // Both together: less than the sum of both, more than either.
    assertThat(document.at("/epsilon/models").asDouble()).isBetween(8.1, 11.9);
    assertThat(document.at("/epsilon/coordinator").asDouble())
        .isGreaterThan(document.at("/updates/epsilon/coordinator").asDouble())
        .isGreaterThan(metrics.path("epsilon").path("coordinator").asDouble());
    assertThat(text)
        .startsWith("Updates: noise multiplier ")
        .contains("Metrics: noise multiplier ")
        .contains("Both together:\nAgainst whoever sees the models: epsilon ")
        .contains("by at most 1.73")
        .contains("and in evaluation.metrics:\nnoise-multiplier: ");
  }

  @Test
  void a_plan_file_with_metrics_is_never_priced_without_them() throws Exception {
    String plan =
        """
        id: p
        version: 1
        population: test
        model: {kind: tabular, layers: [{units: 3, activation: relu}, {units: 1, activation: sigmoid}]}
        features: {label: bought, list: [{name: age, numeric: {mean: 40, standard-deviation: 12}}]}
        %s
        evaluation: {validation-share: 0.2, metrics: {%s}}
        """;
    Path exact =
        Files.writeString(directory.resolve("exact.yaml"), plan.formatted("rounds: 9", ""));
    Path noisy =
        Files.writeString(
            directory.resolve("noisy.yaml"),
            plan.formatted(
                "privacy: {mechanism: distributed, noise-multiplier: 2, users: 20000,"
                    + " participations-max: 3}",
                "noise-multiplier: 3"));
    String[] target = {"--epsilon", "4", "--users", "20000", "--participations", "3", "--json", ""};

    target[7] = exact.toString();
    CommandRun refused = plan(target);
    target[7] = noisy.toString();
    JsonNode priced = plan(target).json();

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith("evaluation.metrics.noise-multiplier of ")
        .contains("is 0, must be above 0 where updates have noise; give a target with");
    assertThat(priced.at("/metrics/noiseMultiplier").asDouble()).isCloseTo(3, within(1e-3));
    assertThat(priced.at("/epsilon/models").asDouble()).isGreaterThan(4.01);
  }

  @Test
  void tells_a_restored_coordinator_which_rounds_it_lost() throws IOException {
    try (RestCoordinator coordinator = new RestCoordinator()) {
      coordinator.json(
          "POST /api/v1/plans/shop/lost-rounds",
          200,
          """
          {"plan": "shop", "version": 2, "mechanism": "distributed", "rounds": 60}
          """);

      CommandRun run =
          CommandRun.of(
              "privacy",
              "restored",
              "shop",
              "--after",
              "50",
              "--to",
              "60",
              "--url",
              coordinator.url().toString());

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).contains("rounds charged            60");
    }
  }
}
