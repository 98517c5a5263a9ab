package io.tacit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacit.testing.IdxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FedAvgCommandTest {

  private static final int RUNS = 6;

  @TempDir Path directory;

  @BeforeEach
  void write() throws IOException {
    IdxFiles.write(directory, 400, 100, 1);
  }

  private CommandRun run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "fedavg",
                "--data",
                directory.toString(),
                "--clients",
                "20",
                "--share",
                "0.25",
                "--rounds",
                "3",
                "--sgd-rounds",
                "2",
                "--state",
                directory.resolve("state").toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void prints_every_method_on_every_partition_and_goes_on_where_it_stopped() {
    CommandRun first = run("--targets", "0.2,1");
    CommandRun second = run("--targets", "0.2,1");

    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out())
        .contains("Data: 400 training and 100 test images of 100 pixels. 20 devices, 5 in a round.")
        .contains("FedAvg: 1 epoch(s), batch 10, rate 0.1")
        .containsPattern("PARTITION +METHOD +UPDATES +ROUNDS TO 20 % +ROUNDS TO 100 %")
        .containsPattern("iid +FedAvg +5\\.0 +[123]\\.0 ")
        .containsPattern("iid +FedAvg, apps close +[345]\\.\\d ")
        .containsPattern("two-shards +FedSGD +5\\.0 ")
        .contains("iid, 20 %: where apps close, ")
        .doesNotContain("kept from an earlier run");
    assertThat(second.out().split("kept from an earlier run", -1)).hasSize(RUNS + 1);
    assertThat(table(second)).isEqualTo(table(first));
  }

  private static String table(CommandRun run) {
    return run.out().substring(run.out().indexOf("PARTITION"));
  }

  @Test
  void writes_json_and_a_page_that_fetches_nothing() throws Exception {
    Path json = directory.resolve("fedavg.json");
    Path html = directory.resolve("fedavg.html");

    CommandRun run =
        run(
            "--methods",
            "fedavg,fedsgd",
            "--partitions",
            "iid",
            "--seeds",
            "2",
            "--json",
            json.toString(),
            "--html",
            html.toString());

    assertThat(run.exitCode()).isZero();
    JsonNode document = new ObjectMapper().readTree(json.toFile());
    assertThat(document.get("command").asText()).startsWith("tacit fedavg --data ");
    assertThat(document.get("cohort").asInt()).isEqualTo(5);
    assertThat(document.get("rows")).hasSize(2);
    assertThat(document.get("rows").get(0).get("method").asText()).isEqualTo("fedavg");
    assertThat(document.get("runs")).hasSize(4);
    JsonNode runNode = document.get("runs").get(0);
    assertThat(runNode.get("curve")).hasSize(3);
    assertThat(runNode.get("curve").get(2).get("accuracy").asDouble()).isBetween(0.0, 1.0);
    // Two hidden layers of 200 over 100 pixels: 62 410 numbers and a header, from 5 devices.
    assertThat(runNode.get("bytesUp").asLong()).isEqualTo(3L * 5 * (64 + 4 * 62_410));
    String page = Files.readString(html);
    assertThat(page)
        .contains("<svg", "FedAvg, seed 1", "FedSGD, seed 2", "To repeat it")
        .doesNotContain("<script", "http://", "https://", "src=", "href=");
  }

  @Test
  void data_that_is_none_is_named_with_the_remedy() throws Exception {
    Files.delete(directory.resolve("t10k-images-idx3-ubyte"));

    CommandRun run = run();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("t10k-images-idx3-ubyte: cannot be read: there is no such file, and none with")
        .doesNotContain("\tat ");
  }

  @Test
  void options_out_of_range_are_wrong_usage() {
    assertThat(run("--methods", "fedavg,fedprox"))
        .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
        .satisfies(
            run ->
                assertThat(run.err())
                    .startsWith(
                        "--methods has \"fedprox\", must be all or some of: fedavg,"
                            + " fedavg-dropout, fedsgd"));
    assertThat(run("--targets", "85").err()).startsWith("--targets has 85.0, must be above 0 to 1");
    assertThat(run("--sgd-rate", "0").err()).startsWith("--sgd-rate is 0, must be above 0 to 10");
    assertThat(Files.exists(directory.resolve("state"))).isFalse();
  }
}
