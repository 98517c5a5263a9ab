package io.tacit.simulation.experiment;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetSource;
import java.nio.file.Path;

/**
 * What a person chose.
 *
 * @param source of the data
 * @param msWebFile where the MSWeb file is that comes with Tacit
 * @param devices at most so many users of the data become devices, 20 to 100 000
 * @param rounds to run, 1 to 10 000
 * @param cohort devices in a round, 1 to devices
 * @param overSelection times cohort devices are assigned, 1 to 10
 * @param seed of the choice of users, the split, the model's start and the devices
 * @param mode how updates are protected on their way
 */
public record ExperimentSettings(
    DataSetSource source,
    Path msWebFile,
    int devices,
    int rounds,
    int cohort,
    double overSelection,
    long seed,
    AggregationSettings.Mode mode) {

  public ExperimentSettings {
    require("--devices", devices, 20, 100_000);
    require("--rounds", rounds, 1, 10_000);
    require("--cohort", cohort, 1, devices);
  }

  private static void require(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + ", must be " + min + " to " + max);
    }
  }
}
