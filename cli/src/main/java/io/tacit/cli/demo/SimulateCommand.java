package io.tacit.cli.demo;

import io.tacit.cli.console.ProgressBar;
import io.tacit.client.model.UserVector;
import io.tacit.client.training.TrainingEngine;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.simulation.data.DataSetException;
import io.tacit.simulation.experiment.Comparison;
import io.tacit.simulation.experiment.Experiment;
import io.tacit.simulation.experiment.RoundSummary;
import io.tacit.simulation.inprocess.InProcessRounds;
import io.tacit.simulation.inprocess.InProcessRounds.CompletedRound;
import io.tacit.simulation.population.ScratchDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tacit simulate}: the same rounds in this process; the same seed gives the same run. */
@Command(
    name = "simulate",
    description = {
      "Run rounds in this process, without a network: the same client and coordinator code as"
          + " demo, repeatable from its seed."
    })
public final class SimulateCommand implements Callable<Integer> {

  private static final int JUDGE_EVERY_MAX = 10_000;

  @Spec private CommandSpec spec;

  @Mixin private final ExperimentOptions options = new ExperimentOptions();

  @Mixin private final FeedbackOptions feedback = new FeedbackOptions();

  @Option(
      names = "--judge-every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Evaluate every so many rounds, and the last (default: ${DEFAULT-VALUE}).")
  private int judgeEvery;

  private SimulateCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException, DataSetException {
    if (judgeEvery < 1 || judgeEvery > JUDGE_EVERY_MAX) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--judge-every is " + judgeEvery + ", must be 1 to " + JUDGE_EVERY_MAX);
    }
    if (feedback.chosen()) {
      feedback.run(options);
      return 0;
    }
    TrainingEngine engine = options.engine();
    Experiment experiment = options.prepare(1, AggregationSettings.Mode.PLAIN);
    int rounds = experiment.settings().rounds();
    Narrator narrator =
        new Narrator(
            spec.commandLine().getOut(),
            new ProgressBar(
                spec.commandLine().getErr(), System.console() != null, "Training", rounds));
    try (ScratchDirectory scratch = ScratchDirectory.create("tacit-simulate-");
        InProcessRounds inProcess =
            InProcessRounds.start(
                experiment.scenario().plan(),
                experiment.scenario().catalogue(),
                experiment.split(),
                engine,
                experiment.settings().seed(),
                scratch.path())) {
      String notice = options.engineNotice();
      if (notice != null) {
        narrator.line(notice);
      }
      narrator.headings();
      double seconds = 0;
      for (int i = 1; i <= rounds; i++) {
        CompletedRound round = inProcess.runRound();
        seconds += round.seconds();
        if (i % judgeEvery == 0 || i == rounds) {
          narrator.round(summary(round, experiment, inProcess));
        }
      }
      Comparison comparison = experiment.compare();
      narrator.comparison(comparison);
      if (options.report() != null) {
        report(experiment, narrator.rounds(), comparison, seconds).write(options.report());
      }
    }
    return 0;
  }

  private static RoundSummary summary(
      CompletedRound round, Experiment experiment, InProcessRounds inProcess) {
    Experiment.Judgement judgement =
        experiment.judge(
            round.number(), inProcess.model(), user -> privateVector(inProcess, experiment, user));
    return new RoundSummary(
        round.number(),
        round.participants(),
        round.dropped(),
        round.meanLoss(),
        judgement.hitRate(),
        judgement.validationHitRate(),
        round.bytesUp(),
        0,
        round.seconds(),
        round.shards());
  }

  private static @Nullable UserVector privateVector(
      InProcessRounds inProcess, Experiment experiment, int user) {
    try {
      return inProcess
          .population()
          .devices()
          .get(user)
          .userVector(experiment.scenario().plan().id())
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Report report(
      Experiment experiment, List<RoundSummary> rounds, Comparison comparison, double seconds) {
    return new Report(
        options.data(),
        "in-process",
        options.engineName(),
        experiment.split().userCount(),
        experiment.settings().cohort(),
        experiment.settings().seed(),
        experiment.scenario().plan().parameters(),
        rounds,
        comparison,
        List.of(),
        seconds);
  }
}
