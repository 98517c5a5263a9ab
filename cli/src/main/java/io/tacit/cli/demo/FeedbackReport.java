package io.tacit.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.page.LineChart;
import io.tacit.cli.page.Markup;
import io.tacit.cli.page.Page;
import io.tacit.cli.page.Provenance;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.feedback.FeedbackResult;
import io.tacit.simulation.feedback.FeedbackResult.Day;
import io.tacit.simulation.feedback.FeedbackSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A feedback loop as JSON and as a page; docs/reference/evaluation.md explains the fields.
 *
 * @param settings what was simulated
 * @param result what came out
 * @param provenance what is needed to repeat it
 */
record FeedbackReport(FeedbackSettings settings, FeedbackResult result, Provenance provenance) {

  /** What is simulated, in a sentence. */
  static String world(FeedbackSettings settings) {
    return String.format(
        Locale.ROOT,
        "%d people, each with a device, are shown %d of %d items a day, none twice, and click by a"
            + " preference that nobody is told. %d rounds of %d devices train on the clicks%s.",
        settings.devices(),
        FeedbackSettings.SHOWN,
        FeedbackSettings.ITEMS,
        settings.rounds(),
        settings.cohort(),
        settings.shuffled() ? "; every night people exchange their preferences" : "");
  }

  /** What came out, in sentences. */
  List<String> findings() {
    return List.of(
        String.format(
            Locale.ROOT,
            "Click rate in the last %d day(s), over popularity: %s (mean and standard error over"
                + " people, paired).",
            result.judgedDays(),
            signed(result.overPopularity())),
        String.format(
            Locale.ROOT, "The same against as many first days: %s.", signed(result.rise())));
  }

  private static String signed(Estimate estimate) {
    return String.format(Locale.ROOT, "%+.4f +- %.4f", estimate.mean(), estimate.standardError());
  }

  void writeJson(Path file) throws IOException {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("command", provenance.command());
    document.put("at", provenance.at().toString());
    document.put("machine", provenance.machine());
    document.put("devices", settings.devices());
    document.put("items", FeedbackSettings.ITEMS);
    document.put("shownPerDay", FeedbackSettings.SHOWN);
    document.put("rounds", settings.rounds());
    document.put("cohort", settings.cohort());
    document.put("preferencesExchanged", settings.shuffled());
    document.put("seed", settings.seed());
    ArrayNode days = document.putArray("days");
    for (Day day : result.days()) {
      days.addObject()
          .put("day", day.day())
          .put("rounds", day.rounds())
          .put("federated", day.federated())
          .put("popularity", day.popularity())
          .put("random", day.random())
          .put("omniscient", day.omniscient());
    }
    document.put("judgedDays", result.judgedDays());
    put(document.putObject("overPopularity"), result.overPopularity());
    put(document.putObject("rise"), result.rise());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document);
  }

  private static void put(ObjectNode node, Estimate estimate) {
    node.put("mean", estimate.mean()).put("standardError", estimate.standardError());
  }

  void writeHtml(Path file) throws IOException {
    Markup page = new Markup();
    page.add("<p class='facts'>{}</p>\n<ul>\n", world(settings));
    findings().forEach(finding -> page.add("<li>{}</li>\n", finding));
    page.add(
        "</ul>\n<div class='charts'>\n<figure>{}</figure>\n</div>\n<p class='note'>Popularity: what"
            + " all people of its world click most. Omniscient: what each person likes most; it"
            + " falls as people have seen what they like.</p>\n",
        chart().svg());
    page.add(
        "<h2>To repeat it</h2>\n<pre>{}</pre>\n<p class='note'>Finished {} on {}.</p>\n",
        provenance.command(),
        provenance.at(),
        provenance.machine());
    Files.writeString(file, Page.of("A feedback loop", page));
  }

  private LineChart chart() {
    return new LineChart(
        "Share of shown items that are clicked",
        "day",
        List.of(
            line("federated", 0, Day::federated),
            line("popularity", 1, Day::popularity),
            line("random", 3, Day::random),
            line("omniscient", 2, Day::omniscient)));
  }

  private LineChart.Line line(String label, int style, ToDoubleFunction<Day> rate) {
    return new LineChart.Line(
        label,
        style,
        result.days().stream().mapToDouble(Day::day).toArray(),
        result.days().stream().mapToDouble(rate).toArray());
  }
}
