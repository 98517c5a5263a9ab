package io.tacit.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tacit.simulation.experiment.Comparison;
import io.tacit.simulation.experiment.RoundSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a run has to say, as JSON; docs/reference/report.md explains the fields.
 *
 * @param data as it was given
 * @param transport {@code grpc} or {@code in-process}
 * @param engine that trained
 * @param devices how many there were
 * @param cohort devices in a round
 * @param seed of the run
 * @param parameters of the model
 * @param rounds all that completed, in order
 * @param comparison the best model beside its controls
 * @param samples what some devices did and are recommended
 * @param seconds of all rounds together
 */
record Report(
    String data,
    String transport,
    String engine,
    int devices,
    int cohort,
    long seed,
    int parameters,
    List<RoundSummary> rounds,
    Comparison comparison,
    List<SampleDevice> samples,
    double seconds) {

  /**
   * One device.
   *
   * @param device its number
   * @param visited titles of its training items
   * @param recommended titles, best first
   */
  record SampleDevice(int device, List<String> visited, List<String> recommended) {}

  void write(Path file) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
  }
}
