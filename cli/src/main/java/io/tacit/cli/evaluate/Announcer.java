package io.tacit.cli.evaluate;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Table;
import io.tacit.simulation.data.InteractionDataSet;
import io.tacit.simulation.models.TrainingRecipe;
import io.tacit.simulation.quality.CellResult;
import io.tacit.simulation.quality.ColdStartResult;
import io.tacit.simulation.quality.ColdStartRow;
import io.tacit.simulation.quality.EvaluationListener;
import io.tacit.simulation.quality.QualityReport;
import io.tacit.simulation.quality.QualityRow;
import io.tacit.simulation.quality.QualitySettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** Prints an evaluation as it happens. For one thread. */
final class Announcer implements EvaluationListener {

  private final PrintWriter out;
  private final ProgressBar bar;

  Announcer(PrintWriter out, ProgressBar bar) {
    this.out = out;
    this.bar = bar;
  }

  void begin(InteractionDataSet data, QualitySettings settings, TrainingRecipe recipe, Path state) {
    line(
        String.format(
            Locale.ROOT,
            "Data: %s, %d users, %d items, %d interactions. Seeds %s. Sampler %s.",
            data.name(),
            data.users().size(),
            data.items().size(),
            data.interactionCount(),
            settings.seeds().stream().map(Objects::toString).collect(Collectors.joining(", ")),
            settings.sampling().label()));
    line("Training: " + recipe.describe() + ".");
    line(
        "Finished parts are kept in " + state + "; the same command goes on where this one stops.");
    line("");
  }

  @Override
  public void progress(String what, long done, long total) {
    bar.show(what, done, total);
  }

  @Override
  public void finished(CellResult cell, boolean restored) {
    line(
        String.format(
            Locale.ROOT,
            "seed %d  %-24s HR@10 %.4f  NDCG@10 %.4f  %s%s",
            cell.seed(),
            cell.contender().title(),
            cell.sampled().hitRate().mean(),
            cell.sampled().ndcg().mean(),
            restored
                ? "kept from an earlier run"
                : String.format(Locale.ROOT, "in %.1f s", cell.seconds()),
            cell.chosen().isEmpty() ? "" : ", " + cell.chosen()));
  }

  void end(QualityReport report) {
    Table table =
        new Table(
            "SYSTEM",
            "HR@10",
            "+-USERS",
            "+-SEEDS",
            "NDCG@10",
            "+-USERS",
            "+-SEEDS",
            "FULL HR@10",
            "FULL NDCG@10",
            "OVER POPULARITY",
            "+-USERS");
    for (QualityRow row : report.rows()) {
      table.row(
          row.contender().title(),
          decimal(row.sampledHitRate().mean()),
          decimal(row.sampledHitRate().errorOverUsers()),
          row.sampledHitRate().errorOverSeeds().map(Announcer::decimal).orElse(""),
          decimal(row.sampledNdcg().mean()),
          decimal(row.sampledNdcg().errorOverUsers()),
          row.sampledNdcg().errorOverSeeds().map(Announcer::decimal).orElse(""),
          decimal(row.fullHitRate().mean()),
          decimal(row.fullNdcg().mean()),
          String.format(Locale.ROOT, "%+.4f", row.overPopularity().mean()),
          decimal(row.overPopularity().errorOverUsers()));
    }
    line("");
    line(table.toString());
    line("");
    line(
        String.format(
            Locale.ROOT,
            "Chance: HR@10 %.3f, NDCG@10 %.3f. +-USERS is the standard error over the %d users of"
                + " one seed (paired in the last column), +-SEEDS that of the mean over %d seeds.",
            report.chance().hitRate(),
            report.chance().ndcg(),
            report.users(),
            report.settings().seeds().size()));
    report.rules().forEach(this::line);
    if (!report.coldStart().isEmpty()) {
      coldStart(report);
    }
  }

  @Override
  public void finished(ColdStartResult result, boolean restored) {
    line(
        String.format(
            Locale.ROOT,
            "seed %d  cold start of %d newcomers, %s",
            result.seed(),
            result.newcomers(),
            restored
                ? "kept from an earlier run"
                : String.format(Locale.ROOT, "in %.1f s", result.seconds())));
  }

  private void coldStart(QualityReport report) {
    Table table =
        new Table(
            "NEW DEVICES", "HR@10", "+-USERS", "NDCG@10", "+-USERS", "OVER POPULARITY", "+-USERS");
    for (ColdStartRow row : report.coldStart()) {
      table.row(
          row.system(),
          decimal(row.hitRate().mean()),
          decimal(row.hitRate().errorOverUsers()),
          decimal(row.ndcg().mean()),
          decimal(row.ndcg().errorOverUsers()),
          String.format(Locale.ROOT, "%+.4f", row.overPopularity().mean()),
          decimal(row.overPopularity().errorOverUsers()));
    }
    line("");
    line(table.toString());
    line("");
    line(QualityReport.COLD_START_RULE);
  }

  void line(String text) {
    bar.hide();
    out.println(text);
    out.flush();
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
