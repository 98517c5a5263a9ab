package io.tacit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tacit evaluate} through a coordinator process gives what it gives in one process. */
class EvaluateOverGrpcTest {

  private static final Duration WITHIN = Duration.ofMinutes(10);

  @TempDir Path directory;

  @Test
  void masked_rounds_of_the_service_rank_every_test_item_as_plain_rounds_in_one_process()
      throws Exception {
    Path state = directory.resolve("state");
    TacitCommand.Run here = evaluate(state);
    TacitCommand.Run service = evaluate(state, "--transport", "grpc", "--secure");

    assertThat(here.exitCode()).as(here.output()).isZero();
    assertThat(service.exitCode()).as(service.output()).isZero();
    // Curve and ranks of every user; only the seconds differ.
    assertThat(cell(state, "federated-grpc-secure-seed-7-"))
        .isEqualTo(cell(state, "federated-seed-7-"))
        .anyMatch(line -> line.startsWith("sampled "))
        .filteredOn(line -> line.startsWith("curve "))
        .hasSize(3);
    // The controls are those of the run before.
    assertThat(service.output()).contains("EASE").contains("kept from an earlier run");
  }

  private TacitCommand.Run evaluate(Path state, String... more) throws Exception {
    Stream<String> usual =
        Stream.of(
            "evaluate",
            "--data",
            "synthetic:news",
            "--users",
            "40",
            "--seeds",
            "7-7",
            "--rounds",
            "3",
            "--cohort",
            "24",
            "--judge-every",
            "1",
            "--recency",
            "0.5,3",
            "--state",
            state.toString());
    return new TacitCommand(directory)
        .runWithin(WITHIN, Stream.concat(usual, Stream.of(more)).toArray(String[]::new));
  }

  private static List<String> cell(Path state, String name) throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(name))
              .findFirst()
              .orElseThrow();
      return Files.readAllLines(file).stream()
          .filter(line -> !line.startsWith("seconds ") && !line.startsWith("sha256 "))
          .toList();
    }
  }
}
