package io.tacit.cli.evaluate;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Table;
import io.tacit.simulation.data.LabelledImages;
import io.tacit.simulation.fedavg.FedAvgListener;
import io.tacit.simulation.fedavg.FedAvgRow;
import io.tacit.simulation.fedavg.FedAvgRun;
import io.tacit.simulation.fedavg.FedAvgSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Prints an experiment with federated averaging as it happens. For one thread. */
final class FedAvgAnnouncer implements FedAvgListener {

  private final PrintWriter out;
  private final ProgressBar bar;
  private final double[] targets;

  FedAvgAnnouncer(PrintWriter out, ProgressBar bar, double[] targets) {
    this.out = out;
    this.bar = bar;
    this.targets = targets.clone();
  }

  void begin(LabelledImages.Sets images, FedAvgSettings settings, Path state) {
    line(
        String.format(
            Locale.ROOT,
            "Data: %d training and %d test images of %d pixels. %d devices, %d in a round.",
            images.training().size(),
            images.test().size(),
            images.training().pixels(),
            settings.clients(),
            settings.cohort()));
    line(FedAvgReport.training(settings) + ".");
    line("Finished runs are kept in " + state + "; the same command goes on where this one stops.");
    line("");
  }

  @Override
  public void progress(String what, long done, long total) {
    bar.show(what, done, total);
  }

  @Override
  public void finished(FedAvgRun run, boolean restored) {
    List<String> reached = new ArrayList<>();
    for (double target : targets) {
      reached.add(
          FedAvgReport.share(target)
              + " "
              + run.roundsTo(target).stream()
                  .mapToObj(round -> "at round " + round)
                  .findFirst()
                  .orElse("not reached"));
    }
    line(
        String.format(
            Locale.ROOT,
            "seed %d  %-10s  %-18s  %s; after round %d %.4f  %s",
            run.seed(),
            run.partition().label(),
            run.method().title(),
            String.join(", ", reached),
            run.curve().get(run.curve().size() - 1).round(),
            run.lastAccuracy(),
            restored
                ? "(kept from an earlier run)"
                : String.format(Locale.ROOT, "(%.0f s)", run.seconds())));
  }

  void end(FedAvgReport report) {
    List<String> headings = new ArrayList<>(List.of("PARTITION", "METHOD", "UPDATES"));
    Arrays.stream(targets)
        .forEach(target -> headings.add("ROUNDS TO " + FedAvgReport.share(target)));
    headings.addAll(List.of("LAST ROUND", "ACCURACY"));
    Table table = new Table(headings.toArray(String[]::new));
    for (FedAvgRow row : report.rows()) {
      List<String> cells = new ArrayList<>();
      cells.add(row.partition().label());
      cells.add(row.method().title());
      cells.add(decimal("%.1f", row.mean(FedAvgRun::contributors)));
      for (double target : targets) {
        cells.add(
            row.roundsTo(target).stream()
                .mapToObj(rounds -> decimal("%.1f", rounds))
                .findFirst()
                .orElse(Table.NOTHING));
      }
      cells.add(Integer.toString(report.settings().rounds(row.method())));
      cells.add(decimal("%.4f", row.mean(FedAvgRun::lastAccuracy)));
      table.row(cells.toArray(String[]::new));
    }
    line("");
    line(table.toString());
    line("");
    report.notes().forEach(this::line);
  }

  void line(String text) {
    bar.hide();
    out.println(text);
    out.flush();
  }

  private static String decimal(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }
}
