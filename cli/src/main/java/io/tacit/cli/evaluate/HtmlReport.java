package io.tacit.cli.evaluate;

import io.tacit.cli.page.BarChart;
import io.tacit.cli.page.LineChart;
import io.tacit.cli.page.Markup;
import io.tacit.cli.page.Page;
import io.tacit.simulation.evaluation.RankingResult;
import io.tacit.simulation.quality.CellResult;
import io.tacit.simulation.quality.CellResult.CurvePoint;
import io.tacit.simulation.quality.ColdStartRow;
import io.tacit.simulation.quality.Contender;
import io.tacit.simulation.quality.QualityReport;
import io.tacit.simulation.quality.QualityRow;
import io.tacit.simulation.quality.QualityRow.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An evaluation as one page. */
final class HtmlReport {

  /** List lengths of the plot of hit rates; the other half of the ranks is of no interest. */
  private static final int LENGTHS = 50;

  private final ReportFrame frame;
  private final QualityReport report;

  HtmlReport(ReportFrame frame) {
    this.frame = frame;
    this.report = frame.report();
  }

  void write(Path file) throws IOException {
    Files.writeString(file, page());
  }

  String page() throws IOException {
    String title = "Recommendation quality on " + report.data();
    Markup page = new Markup();
    summary(page);
    page.add("<h2>Figures</h2>\n");
    warning(page);
    table(page);
    charts(page);
    coldStart(page);
    protocol(page);
    seeds(page);
    return Page.of(title, page);
  }

  private void summary(Markup page) {
    page.add(
        "<p class='facts'>{} users of at least 5 items, {} items, {} interactions; {} {} ({});"
            + " sampler {}.</p>\n",
        report.users(),
        report.items(),
        report.interactions(),
        report.settings().seeds().size(),
        report.settings().seeds().size() == 1 ? "seed" : "seeds",
        report.settings().seeds().stream().map(Objects::toString).collect(Collectors.joining(", ")),
        report.settings().sampling().label());
    page.add("<p class='facts'>Training: {}.</p>\n", report.recipe().describe());
  }

  /** Stands above every table and plot of figures that may not be compared with honest ones. */
  private void warning(Markup page) {
    if (!report.isHonest()) {
      page.add("<p class='warning'>{}</p>\n", QualityReport.NOT_COMPARABLE);
    }
  }

  private void table(Markup page) {
    page.add(
        "<div class='scroll'><table><thead><tr><th class='left' rowspan='2'>System</th>"
            + "<th colspan='3'>Among 99 sampled negatives</th>"
            + "<th colspan='2'>Among the whole catalogue</th></tr>"
            + "<tr><th>HR@10</th><th>NDCG@10</th><th>HR@10 over popularity</th>"
            + "<th>HR@10</th><th>NDCG@10</th></tr></thead><tbody>\n");
    for (QualityRow row : report.rows()) {
      page.add(
          "<tr class='{}'><th scope='row'>{}<small>{}</small></th>",
          row.contender() == Contender.FEDERATED ? "strong" : "plain",
          row.contender().title(),
          row.contender().meaning());
      cell(page, row.sampledHitRate(), "%.4f");
      cell(page, row.sampledNdcg(), "%.4f");
      cell(page, row.overPopularity(), "%+.4f");
      cell(page, row.fullHitRate(), "%.4f");
      cell(page, row.fullNdcg(), "%.4f");
      page.add("</tr>\n");
    }
    page.add(
        "</tbody></table></div>\n"
            + "<p class='note'>Chance: HR@10 {}, NDCG@10 {}. ±u is the standard error over the"
            + " users of one seed (paired by user in the column over popularity)",
        decimal("%.3f", report.chance().hitRate()),
        decimal("%.3f", report.chance().ndcg()));
    page.add(
        report.settings().seeds().size() > 1
            ? "; ±s that of the mean over the seeds.</p>\n"
            : ". One seed: how much the figures depend on it is not known.</p>\n");
  }

  private static void cell(Markup page, Figure figure, String form) {
    page.add(
        "<td>{}<small>±u {}{}</small></td>",
        decimal(form, figure.mean()),
        decimal("%.4f", figure.errorOverUsers()),
        figure.errorOverSeeds().map(error -> ", ±s " + decimal("%.4f", error)).orElse(""));
  }

  private void charts(Markup page) {
    page.add("<h2>Plots</h2>\n");
    warning(page);
    page.add("<div class='charts'>\n");
    figure(page, bars("HR@10 among 99 sampled negatives", QualityRow::sampledHitRate).svg());
    figure(page, bars("HR@10 among the whole catalogue", QualityRow::fullHitRate).svg());
    figure(page, hitRateByLength().svg());
    figure(page, training().svg());
    page.add(
        "</div>\n"
            + "<p class='note'>Whiskers: one standard error over users. The line across the first"
            + " plot is chance.</p>\n");
  }

  private static void figure(Markup page, Markup svg) {
    page.add("<figure>{}</figure>\n", svg);
  }

  private BarChart bars(String title, Function<QualityRow, Figure> figure) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (QualityRow row : report.rows()) {
      bars.add(
          new BarChart.Bar(
              row.contender().title(),
              figure.apply(row).mean(),
              figure.apply(row).errorOverUsers(),
              row.contender() == Contender.FEDERATED));
    }
    List<BarChart.Mark> marks =
        title.contains("sampled")
            ? List.of(new BarChart.Mark("chance", report.chance().hitRate()))
            : List.of();
    return new BarChart(title + marked(), bars, marks);
  }

  /** HR@k for each k: whether a model is better at the top of the list only, or all along. */
  private LineChart hitRateByLength() {
    List<LineChart.Line> lines = new ArrayList<>();
    double[] lengths = IntStream.rangeClosed(1, LENGTHS).asDoubleStream().toArray();
    for (QualityRow row : report.rows()) {
      List<RankingResult> results =
          report.cells().stream()
              .filter(cell -> cell.contender() == row.contender())
              .map(CellResult::sampled)
              .collect(Collectors.toList());
      lines.add(
          new LineChart.Line(
              row.contender().title(),
              row.contender().ordinal(),
              lengths,
              IntStream.rangeClosed(1, LENGTHS)
                  .mapToDouble(length -> hitRate(results, length))
                  .toArray()));
    }
    return new LineChart(
        "HR@k among 99 sampled negatives, by length k of the list" + marked(), "k", lines);
  }

  private static double hitRate(List<RankingResult> results, int length) {
    return results.stream()
        .flatMapToInt(result -> IntStream.of(result.ranks()))
        .mapToDouble(rank -> rank < length ? 1 : 0)
        .average()
        .orElse(0);
  }

  private LineChart training() {
    List<LineChart.Line> lines = new ArrayList<>();
    for (CellResult cell : report.cells()) {
      if (!cell.curve().isEmpty()) {
        double[] rounds = cell.curve().stream().mapToDouble(CurvePoint::round).toArray();
        lines.add(
            new LineChart.Line(
                "seed " + cell.seed(),
                lines.size(),
                rounds,
                cell.curve().stream().mapToDouble(CurvePoint::validationHitRate).toArray()));
      }
    }
    return new LineChart(
        "HR@10 on validation items, as the federated model is trained" + marked(), "round", lines);
  }

  private void coldStart(Markup page) {
    if (report.coldStart().isEmpty()) {
      return;
    }
    page.add("<h2>New devices</h2>\n");
    warning(page);
    page.add(
        "<div class='scroll'><table><thead><tr><th class='left'>They rank by</th><th>HR@10</th>"
            + "<th>NDCG@10</th><th>HR@10 over popularity</th></tr></thead><tbody>\n");
    List<BarChart.Bar> bars = new ArrayList<>();
    for (ColdStartRow row : report.coldStart()) {
      page.add("<tr><th scope='row'>{}</th>", row.system());
      cell(page, row.hitRate(), "%.4f");
      cell(page, row.ndcg(), "%.4f");
      cell(page, row.overPopularity(), "%+.4f");
      page.add("</tr>\n");
      bars.add(
          new BarChart.Bar(
              row.system(),
              row.hitRate().mean(),
              row.hitRate().errorOverUsers(),
              row.system().startsWith("first")));
    }
    page.add("</tbody></table></div>\n<div class='charts'>");
    figure(page, new BarChart("HR@10 of new devices" + marked(), bars, List.of()).svg());
    page.add("</div>\n<p class='note'>{}</p>\n", QualityReport.COLD_START_RULE);
  }

  private String marked() {
    return report.isHonest() ? "" : " (papers' sampler)";
  }

  private void protocol(Markup page) {
    page.add("<h2>Rules</h2>\n<ul>\n");
    report.rules().forEach(rule -> page.add("<li>{}</li>\n", rule));
    page.add("</ul>\n<h2>To repeat it</h2>\n<pre>{}</pre>\n", frame.command());
    page.add(
        "<p class='note'>Finished {} on {}; {} s in this run.</p>\n",
        frame.at(),
        frame.machine(),
        decimal("%.0f", report.seconds()));
  }

  private void seeds(Markup page) {
    page.add("<h2>Each seed</h2>\n");
    warning(page);
    page.add(
        "<div class='scroll'><table><thead><tr><th>Seed</th><th"
            + " class='left'>System</th><th>HR@10</th><th>NDCG@10</th><th>Full HR@10</th><th>Full"
            + " NDCG@10</th><th>Validation HR@10</th><th>Chosen on"
            + " validation</th><th>Seconds</th></tr></thead><tbody>\n");
    for (CellResult cell : report.cells()) {
      page.add("<tr><td>{}</td><th scope='row'>{}</th>", cell.seed(), cell.contender().title());
      for (double value :
          List.of(
              cell.sampled().hitRate().mean(),
              cell.sampled().ndcg().mean(),
              cell.full().hitRate().mean(),
              cell.full().ndcg().mean(),
              cell.validationHitRate())) {
        page.add("<td>{}</td>", decimal("%.4f", value));
      }
      page.add("<td>{}</td><td>{}</td></tr>\n", cell.chosen(), decimal("%.1f", cell.seconds()));
    }
    page.add("</tbody></table></div>\n");
  }

  private static String decimal(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }
}
