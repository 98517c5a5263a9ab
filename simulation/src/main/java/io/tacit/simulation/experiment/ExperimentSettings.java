package io.tacit.simulation.experiment;

import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetSource;
import java.nio.file.Path;
import java.util.List;

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
 * @param tower units of the hidden layers of a neural-cf model; empty for the usual model
 */
public record ExperimentSettings(
    DataSetSource source,
    Path msWebFile,
    int devices,
    int rounds,
    int cohort,
    double overSelection,
    long seed,
    AggregationSettings.Mode mode,
    List<Integer> tower) {

  private static final int TOWER_LAYERS_MAX = 8;
  private static final int TOWER_UNITS_MAX = 512;

  public ExperimentSettings {
    tower = List.copyOf(tower);
    require("the number of layers of --tower", tower.size(), 0, TOWER_LAYERS_MAX);
    tower.forEach(units -> require("--tower", units, 1, TOWER_UNITS_MAX));
    require("--devices", devices, 20, 100_000);
    require("--rounds", rounds, 1, 10_000);
    require("--cohort", cohort, 1, devices);
  }

  /** With the usual model. */
  public ExperimentSettings(
      DataSetSource source,
      Path msWebFile,
      int devices,
      int rounds,
      int cohort,
      double overSelection,
      long seed,
      AggregationSettings.Mode mode) {
    this(source, msWebFile, devices, rounds, cohort, overSelection, seed, mode, List.of());
  }

  /** The same with the MSWeb file elsewhere. */
  public ExperimentSettings withMsWebFile(Path file) {
    return new ExperimentSettings(
        source, file, devices, rounds, cohort, overSelection, seed, mode, tower);
  }

  private static void require(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + ", must be " + min + " to " + max);
    }
  }
}
