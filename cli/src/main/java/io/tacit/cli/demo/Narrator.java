package io.tacit.cli.demo;

import io.tacit.cli.console.ProgressBar;
import io.tacit.cli.console.Table;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.experiment.Comparison;
import io.tacit.simulation.experiment.RoundSummary;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a run as it happens. For one thread. */
final class Narrator {

  private final PrintWriter out;
  private final ProgressBar bar;
  private final List<RoundSummary> rounds = new ArrayList<>();

  Narrator(PrintWriter out, ProgressBar bar) {
    this.out = out;
    this.bar = bar;
  }

  void headings() {
    line(" round  shards  participants  dropped    loss   HR@10        up      down  seconds");
    bar.show(0);
  }

  void round(RoundSummary round) {
    rounds.add(round);
    line(
        String.format(
            Locale.ROOT,
            "%6d  %6d  %12d  %7d  %6.4f  %6.4f  %8s  %8s  %7.2f",
            round.round(),
            round.shards().size(),
            round.participants(),
            round.dropped(),
            round.loss(),
            round.hitRate(),
            bytes(round.bytesUp()),
            bytes(round.bytesDown()),
            round.seconds()));
    bar.show(rounds.size());
  }

  void line(String text) {
    bar.hide();
    out.println(text);
    out.flush();
  }

  void comparison(Comparison comparison) {
    Table table = new Table("MODEL", "HR@10", "+-", "NDCG@10", "+-", "HR@10 OVER POPULARITY", "+-");
    for (Comparison.Row row : comparison.rows()) {
      Estimate over = row.hitRateOverPopularity();
      table.row(
          row.name(),
          decimal(row.hitRate().mean()),
          decimal(row.hitRate().standardError()),
          decimal(row.ndcg().mean()),
          decimal(row.ndcg().standardError()),
          String.format(Locale.ROOT, "%+.4f", over.mean()),
          decimal(over.standardError()));
    }
    line("");
    line(table.toString());
    line("");
    line(
        "The federated model is that of round "
            + comparison.bestRound()
            + ", chosen on validation items. +- is the standard error over users, paired in the"
            + " last column.");
    line(comparison.rule());
  }

  void samples(List<Report.SampleDevice> samples) {
    for (Report.SampleDevice sample : samples) {
      line("");
      line("Device " + sample.device() + " visited:    " + String.join("; ", sample.visited()));
      line("  and is recommended: " + String.join("; ", sample.recommended()));
    }
  }

  /** How the last round's updates were hidden, and whose masks had to be taken off by others. */
  void shards() {
    if (rounds.isEmpty()) {
      return;
    }
    RoundSummary last = rounds.get(rounds.size() - 1);
    Table table =
        new Table("SHARD", "SUITE", "ROSTER", "THRESHOLD", "IN THE SUM", "RECOVERED", "STATE");
    for (RoundSummary.Shard shard : last.shards()) {
      table.row(
          Integer.toString(shard.shard()),
          Integer.toString(shard.suite()),
          Integer.toString(shard.roster()),
          Integer.toString(shard.threshold()),
          Integer.toString(shard.contributors()),
          Integer.toString(shard.recovered()),
          shard.state());
    }
    int recovered =
        rounds.stream()
            .flatMap(round -> round.shards().stream())
            .mapToInt(RoundSummary.Shard::recovered)
            .sum();
    line("");
    line("The shards of round " + last.round() + ", of each of which only the sum was seen:");
    line("");
    line(table.toString());
    line("");
    line(
        "In all rounds, "
            + recovered
            + " devices left after they had shared their keys; the others took their masks off the"
            + " sums.");
  }

  List<RoundSummary> rounds() {
    return List.copyOf(rounds);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String bytes(long count) {
    if (count < 10_000) {
      return count + " B";
    }
    return count < 10_000_000
        ? String.format(Locale.ROOT, "%.0f kB", count / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", count / 1e6);
  }
}
