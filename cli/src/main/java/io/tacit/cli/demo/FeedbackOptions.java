package io.tacit.cli.demo;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Usage;
import io.tacit.cli.page.Provenance;
import io.tacit.simulation.feedback.FeedbackLoop;
import io.tacit.simulation.feedback.FeedbackResult;
import io.tacit.simulation.feedback.FeedbackResult.Day;
import io.tacit.simulation.feedback.FeedbackSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code tacit simulate --feedback}: its options, and what it does. A picocli mixin. */
final class FeedbackOptions {

  private static final int DEVICES = 200;
  private static final int ROUNDS = 60;

  /** What says something about data that the loop makes itself. */
  private static final List<String> OTHERS =
      List.of("--data", "--engine", "--aggregation", "--judge-every");

  private static final Object[] HEADINGS = {
    "DAY", "ROUNDS", "FEDERATED", "POPULARITY", "RANDOM", "OMNISCIENT"
  };

  private static final List<String> OWN = List.of("--days", "--exchange-preferences", "--html");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--feedback",
      description = {
        "Close the loop: people click what is recommended to them, or do not, by a hidden"
            + " preference; their devices train on the clicks, and recommend again.",
        "By default " + DEVICES + " devices and " + ROUNDS + " rounds."
      })
  private boolean feedback;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "10",
      description = "With --feedback: days that the rounds are spread over (default: 10).")
  private int days;

  @Option(
      names = "--exchange-preferences",
      description =
          "With --feedback: every night people exchange their preferences, so that nothing personal"
              + " can be learnt. A control: the click rate must not rise above popularity.")
  private boolean exchanged;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "With --feedback: write a page with a plot of the click rates.")
  private @Nullable Path html;

  /** Whether the loop is asked for; refuses options that do not fit. */
  boolean chosen() {
    ParseResult given = command.commandLine().getParseResult();
    for (String option : feedback ? OTHERS : OWN) {
      if (given.hasMatchedOption(option)) {
        throw new CommandLine.ParameterException(
            command.commandLine(),
            feedback
                ? option + " does not go with --feedback, which makes its own people and items"
                : option + " goes with --feedback alone");
      }
    }
    return feedback;
  }

  void run(ExperimentOptions options) throws IOException, InterruptedException {
    FeedbackSettings settings = settings(options);
    PrintWriter out = command.commandLine().getOut();
    ProgressBar bar =
        new ProgressBar(
            command.commandLine().getErr(), System.console() != null, "Days", settings.days());
    out.println(FeedbackReport.world(settings));
    out.println();
    out.printf("%5s  %6s  %9s  %10s  %6s  %10s%n", HEADINGS);
    FeedbackResult result =
        new FeedbackLoop(settings)
            .run(
                day -> {
                  bar.hide();
                  out.println(line(day));
                  out.flush();
                  bar.show(day.day());
                });
    bar.hide();
    FeedbackReport report =
        new FeedbackReport(
            settings,
            result,
            Provenance.of(
                command.commandLine().getParseResult().originalArgs(), Clock.systemUTC()));
    out.println();
    report.findings().forEach(out::println);
    if (options.report() != null) {
      report.writeJson(options.report());
    }
    if (html != null) {
      report.writeHtml(html);
    }
    out.flush();
  }

  private static String line(Day day) {
    return String.format(
        Locale.ROOT,
        "%5d  %6d  %9.4f  %10.4f  %6.4f  %10.4f",
        day.day(),
        day.rounds(),
        day.federated(),
        day.popularity(),
        day.random(),
        day.omniscient());
  }

  private FeedbackSettings settings(ExperimentOptions options) {
    return Usage.checked(command, () -> options.feedback(DEVICES, ROUNDS, days, exchanged));
  }
}
