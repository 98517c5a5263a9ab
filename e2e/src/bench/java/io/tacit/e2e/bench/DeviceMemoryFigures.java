package io.tacit.e2e.bench;

import io.tacit.client.training.PortableEngine;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.data.DataSetSource;
import io.tacit.simulation.experiment.Experiment;
import io.tacit.simulation.experiment.ExperimentSettings;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Heap of 10,000 virtual devices in one JVM: after their behaviour was generated and split, after
 * the devices were made, and after some rounds. What a round keeps for all of them, and the
 * coordinator beside them, is counted as theirs.
 */
public final class DeviceMemoryFigures {

  private static final int DEVICES = 10_000;
  private static final int COHORT = 128;
  private static final int ROUNDS = 20;
  private static final long SEED = 1;

  private DeviceMemoryFigures() {}

  /** Takes no arguments; run it with -Xmx2g. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, DataSetException {
    System.out.println(Machine.describe());
    Experiment experiment =
        Experiment.prepare(
            new ExperimentSettings(
                DataSetSource.parse("synthetic:ecommerce"),
                Path.of("unused"),
                DEVICES,
                ROUNDS,
                COHORT,
                1,
                SEED,
                AggregationSettings.Mode.PLAIN));
    int devices = experiment.split().userCount();
    long before = usedAfterCollection();
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-bench-");
        InProcessRounds rounds =
            InProcessRounds.start(
                experiment.scenario().plan(),
                experiment.scenario().catalogue(),
                experiment.split(),
                new PortableEngine(),
                SEED,
                scratch.path())) {
      print("made", devices, before);
      long start = System.nanoTime();
      for (int i = 0; i < ROUNDS; i++) {
        rounds.runRound();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      print("after " + ROUNDS + " rounds of " + COHORT, devices, before);
      System.out.printf(Locale.ROOT, "%.2f s a round%n", seconds / ROUNDS);
    }
  }

  private static void print(String when, int devices, long before) {
    double bytes = usedAfterCollection() - before;
    System.out.printf(
        Locale.ROOT,
        "%,d devices, %s: %.0f MB, %.1f KB each; heap at most %d MB%n",
        devices,
        when,
        bytes / 1e6,
        bytes / 1e3 / devices,
        Runtime.getRuntime().maxMemory() >> 20);
  }

  private static long usedAfterCollection() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
