package io.tacit.cli.demo;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.process.CoordinatorProcess;
import io.tacit.cli.rest.AccessToken;
import io.tacit.cli.rest.CoordinatorApi;
import io.tacit.cli.rest.RefusedException;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.Suite;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.experiment.Comparison;
import io.tacit.simulation.experiment.Experiment;
import io.tacit.simulation.experiment.RoundSummary;
import io.tacit.simulation.population.ClosingApps;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tacit demo}: a coordinator process, virtual devices in this one, real gRPC between. */
@Command(
    name = "demo",
    description = {
      "Train a recommender with federated averaging on real clicks, over real gRPC, in minutes.",
      "",
      "Starts a coordinator process, gives each virtual device the behaviour of one user, trains in"
          + " rounds, and compares the model with its controls. Nothing stays behind. Ctrl-C stops"
          + " everything."
    })
public final class DemoCommand implements Callable<Integer> {

  /** Times the cohort that devices are assigned: some find the roster full. */
  private static final double OVER_SELECTION = 1.3;

  private static final String MEMORY = "512m";
  private static final int SAMPLES = 3;

  @Spec private CommandSpec spec;

  @Mixin private final ExperimentOptions options = new ExperimentOptions();

  @Option(
      names = "--keep-running",
      description = "Leave the coordinator running at the end, until Ctrl-C.")
  private boolean keepRunning;

  @Option(
      names = "--closing-apps",
      paramLabel = "SHARE",
      defaultValue = "0.02",
      description =
          "Share of participations in which the person closes the app when the update is about to"
              + " leave, 0 to 0.3 (default: ${DEFAULT-VALUE}).")
  private double closingApps;

  private DemoCommand() {}

  @Override
  public Integer call()
      throws IOException, InterruptedException, RefusedException, DataSetException {
    PrintWriter out = spec.commandLine().getOut();
    if (!(closingApps >= 0 && closingApps <= ClosingApps.SHARE_MAX)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--closing-apps is " + closingApps + ", must be 0 to " + ClosingApps.SHARE_MAX);
    }
    TrainingEngine engine = options.engine();
    Experiment experiment = options.prepare(OVER_SELECTION, AggregationSettings.Mode.SECURE);
    Narrator narrator =
        new Narrator(
            out,
            new ProgressBar(
                spec.commandLine().getErr(),
                System.console() != null,
                "Training",
                experiment.settings().rounds()));
    AccessToken token = AccessToken.generate(new SecureRandom());
    try (ScratchDirectory devices = ScratchDirectory.create("tacit-demo-devices-");
        ScratchDirectory service = ScratchDirectory.onDisk("tacit-demo-coordinator-");
        CoordinatorProcess coordinator = DeviceSide.start(service.path(), token, MEMORY)) {
      narrator.line(
          "Coordinator: process "
              + coordinator.pid()
              + ", REST API "
              + coordinator.url()
              + ", gRPC port "
              + coordinator.grpcPort()
              + ".");
      CoordinatorApi api = coordinator.api(token);
      run(experiment, engine, coordinator, api, devices.path(), narrator);
      if (keepRunning) {
        narrator.line("");
        narrator.line(
            "The coordinator keeps running at " + coordinator.url() + "; Ctrl-C stops it.");
        narrator.line("To look at it from another terminal:");
        narrator.line("  export TACIT_URL=" + coordinator.url());
        narrator.line("  export TACIT_TRUST=" + coordinator.authority());
        narrator.line("  export TACIT_TOKEN=" + token.reveal());
        narrator.line("  ./tacit round list " + experiment.scenario().plan().id());
        coordinator.waitFor();
      }
    }
    return 0;
  }

  private void run(
      Experiment experiment,
      TrainingEngine engine,
      CoordinatorProcess coordinator,
      CoordinatorApi api,
      Path devices,
      Narrator narrator)
      throws IOException, InterruptedException, RefusedException {
    try (GrpcRounds rounds =
        GrpcRounds.start(experiment, engine, api, coordinator, devices, closingApps(experiment))) {
      narrator.line(
          experiment.split().userCount()
              + " devices, each with the behaviour of one user of "
              + options.data()
              + "; a "
              + experiment.scenario().plan().model().kind()
              + " model of "
              + experiment.scenario().plan().parameters()
              + " parameters. "
              + protection(experiment.scenario().plan()));
      String notice = options.engineNotice();
      if (notice != null) {
        narrator.line(notice);
      }
      narrator.line("");
      narrator.headings();
      rounds.run(narrator::round);
      if (experiment.scenario().plan().suite().isSecure()) {
        narrator.shards();
      }
      List<Report.SampleDevice> samples = rounds.samples(SAMPLES);
      narrator.line("");
      narrator.line("Training the same model centrally, for comparison...");
      Comparison comparison = experiment.compare();
      narrator.comparison(comparison);
      narrator.samples(samples);
      if (options.report() != null) {
        report(experiment, narrator.rounds(), comparison, samples).write(options.report());
      }
    }
  }

  private ClosingApps closingApps(Experiment experiment) {
    return new ClosingApps(closingApps, experiment.settings().seed());
  }

  private static String protection(TrainingPlan plan) {
    return switch (plan.suite()) {
      case PLAIN ->
          "Updates travel unmasked (mode plain): the coordinator sees each. For development only.";
      case CLASSIC, HYBRID ->
          "Updates travel masked: the coordinator learns the sums of "
              + plan.sessionCount()
              + (plan.sessionCount() == 1 ? " shard" : " shards")
              + " of up to "
              + plan.sessionSize()
              + " devices and nothing else of them (suite "
              + plan.suite().number()
              + (plan.suite() == Suite.HYBRID ? ": X25519 and ML-KEM-768)." : ": X25519).");
    };
  }

  private Report report(
      Experiment experiment,
      List<RoundSummary> rounds,
      Comparison comparison,
      List<Report.SampleDevice> samples) {
    return new Report(
        options.data(),
        "grpc",
        options.engineName(),
        experiment.split().userCount(),
        experiment.settings().cohort(),
        experiment.settings().seed(),
        experiment.scenario().plan().parameters(),
        rounds,
        comparison,
        samples,
        rounds.stream().mapToDouble(RoundSummary::seconds).sum());
  }
}
