package io.tacit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.experiment.Comparison;
import io.tacit.simulation.experiment.RoundSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final Path REFERENCE =
      Path.of(System.getProperty("tacit.root"), "docs/reference/report.md");

  /** The first column of a row of the table. */
  private static final Pattern FIRST_COLUMN = Pattern.compile("(?m)^\\| (`[^|]+`) \\|");

  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  @TempDir Path directory;

  @Test
  void has_the_fields_that_the_reference_names_and_no_others() throws IOException {
    Path file = directory.resolve("report.json");
    report().write(file);

    Set<String> written = new TreeSet<>();
    collect("", new ObjectMapper().readTree(file.toFile()), written);
    assertThat(written).isEqualTo(documented());
  }

  @Test
  void rounds_are_a_list_of_numbers_under_their_names() throws IOException {
    Path file = directory.resolve("report.json");
    report().write(file);

    JsonNode round = new ObjectMapper().readTree(file.toFile()).path("rounds").get(0);
    assertThat(round)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"round": 1, "participants": 16, "dropped": 2, "loss": 0.5, "hitRate": 0.25,
                     "validationHitRate": 0.75, "bytesUp": 160, "bytesDown": 80, "seconds": 1.5,
                     "shards": [{"shard": 1, "suite": 2, "state": "SUMMED", "roster": 18,
                                 "threshold": 13, "contributors": 16, "recovered": 1}]}
                    """));
  }

  private static Report report() {
    Estimate estimate = Estimate.of(new double[] {0, 1});
    return new Report(
        "msweb",
        "grpc",
        "portable",
        20,
        16,
        1,
        10,
        List.of(
            new RoundSummary(
                1,
                16,
                2,
                0.5,
                0.25,
                0.75,
                160,
                80,
                1.5,
                List.of(new RoundSummary.Shard(1, 2, "SUMMED", 18, 13, 16, 1)))),
        new Comparison(
            List.of(new Comparison.Row("item popularity", estimate, estimate, estimate)), 1, "any"),
        List.of(new Report.SampleDevice(0, List.of("a"), List.of("b"))),
        1.5);
  }

  private static Set<String> documented() throws IOException {
    return FIRST_COLUMN
        .matcher(Files.readString(REFERENCE))
        .results()
        .flatMap(row -> NAME.matcher(row.group(1)).results())
        .map(name -> name.group(1))
        .collect(TreeSet::new, Set::add, Set::addAll);
  }

  private static void collect(String prefix, JsonNode node, Set<String> paths) {
    node.fields()
        .forEachRemaining(
            field -> {
              String path = prefix + field.getKey();
              paths.add(path);
              boolean isList = field.getValue().isArray();
              elements(field.getValue())
                  .forEach(value -> collect(path + (isList ? "[]." : "."), value, paths));
            });
  }

  private static Stream<JsonNode> elements(JsonNode value) {
    return value.isArray()
        ? Stream.iterate(0, i -> i < value.size(), i -> i + 1).map(value::get)
        : Stream.of(value);
  }
}
