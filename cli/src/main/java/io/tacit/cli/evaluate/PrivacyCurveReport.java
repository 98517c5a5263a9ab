package io.tacit.cli.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.console.Table;
import io.tacit.cli.page.LineChart;
import io.tacit.cli.page.Markup;
import io.tacit.cli.page.Page;
import io.tacit.cli.page.Provenance;
import io.tacit.protocol.plan.PrivacySettings.Mechanism;
import io.tacit.protocol.privacy.PrivacyCost;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.privacy.PrivacyCurve;
import io.tacit.simulation.privacy.PrivacyPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Quality against epsilon, as a table, as JSON and as a page; docs/reference/evaluation.md explains
 * the fields.
 *
 * @param data name of the data set
 * @param training how was trained, a sentence without its stop
 * @param base what points are compared with
 * @param points all trainings
 * @param provenance what is needed to repeat it
 */
record PrivacyCurveReport(
    String data,
    String training,
    PrivacyCurve.Base base,
    List<PrivacyPoint> points,
    Provenance provenance) {

  /** Points of the same epsilon and mechanism, over their seeds. */
  private record Row(List<PrivacyPoint> points) {

    PrivacyPoint first() {
      return points.get(0);
    }

    double mean(Function<PrivacyPoint, Estimate> measure) {
      return points.stream().mapToDouble(point -> measure.apply(point).mean()).average().orElse(0);
    }

    /** Over seeds where there are several, else over users. */
    double standardError(Function<PrivacyPoint, Estimate> measure) {
      return points.size() == 1
          ? measure.apply(first()).standardError()
          : Estimate.of(points.stream().mapToDouble(point -> measure.apply(point).mean()).toArray())
              .standardError();
    }
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (PrivacyPoint point : points) {
      List<PrivacyPoint> same =
          points.stream()
              .filter(
                  other ->
                      other.epsilon() == point.epsilon() && other.mechanism() == point.mechanism())
              .toList();
      if (same.get(0).equals(point)) {
        rows.add(new Row(same));
      }
    }
    return rows;
  }

  /** The table for a terminal. */
  String table() {
    Table table =
        new Table(
            "EPSILON, MODELS",
            "NOISE BY",
            "Z",
            "EPSILON, COORDINATOR",
            "HR@10",
            "S.E.",
            "NDCG@10",
            "OVER POPULARITY");
    for (Row row : rows()) {
      table.row(
          models(row.first()),
          noiseBy(row.first().mechanism()),
          row.first().mechanism() == null ? "" : decimal("%.3f", row.first().noiseMultiplier()),
          coordinator(row.first()),
          decimal("%.4f", row.mean(PrivacyPoint::hitRate)),
          decimal("%.4f", row.standardError(PrivacyPoint::hitRate)),
          decimal("%.4f", row.mean(PrivacyPoint::ndcg)),
          decimal("%+.4f", row.mean(PrivacyPoint::hitRate) - base.popularity().mean()));
    }
    return table.toString();
  }

  /** What belongs beside the table, sentence by sentence. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        String.format(
            Locale.ROOT,
            "%d devices train, %d of them are tested on; item popularity has HR@10 %.4f.",
            base.devices(),
            base.tested(),
            base.popularity().mean()));
    notes.add(
        "The last model counts, none is chosen. S.E. is over the seeds, with one seed over the"
            + " users.");
    for (Row row : rows()) {
      if (row.first().mechanism() == Mechanism.DISTRIBUTED) {
        againstCentral(row).ifPresent(notes::add);
      }
    }
    points.stream()
        .filter(point -> point.cost() != null && point.mechanism() == Mechanism.DISTRIBUTED)
        .findFirst()
        .map(PrivacyPoint::cost)
        .ifPresent(cost -> notes.addAll(cost.assumptions()));
    return notes;
  }

  /** Seed by seed, since split, start and cohorts of a seed are the same for both. */
  private Optional<String> againstCentral(Row devices) {
    List<Double> differences = new ArrayList<>();
    for (PrivacyPoint own : devices.points()) {
      points.stream()
          .filter(
              other ->
                  other.mechanism() == Mechanism.CENTRAL
                      && other.epsilon() == own.epsilon()
                      && other.seed() == own.seed())
          .findFirst()
          .ifPresent(other -> differences.add(own.hitRate().mean() - other.hitRate().mean()));
    }
    if (differences.size() < 2) {
      return Optional.empty();
    }
    Estimate difference =
        Estimate.of(differences.stream().mapToDouble(Double::doubleValue).toArray());
    return Optional.of(
        String.format(
            Locale.ROOT,
            "At epsilon %s, HR@10 with noise of the devices less that with noise of the coordinator"
                + " is %+.4f, s.e. %.4f over %d seeds, paired.",
            models(devices.first()),
            difference.mean(),
            difference.standardError(),
            difference.count()));
  }

  private static String models(PrivacyPoint point) {
    PrivacyCost cost = point.cost();
    return cost == null ? "none" : bound(cost.models().epsilon());
  }

  private static String coordinator(PrivacyPoint point) {
    PrivacyCost cost = point.cost();
    return cost == null ? "none" : bound(cost.coordinator().epsilon());
  }

  /** Rounded up, so that it never looks better than it is. */
  private static String bound(double epsilon) {
    return Double.isInfinite(epsilon)
        ? "unbounded"
        : decimal("%.2f", Math.ceil(epsilon * 100) / 100);
  }

  private static String noiseBy(@Nullable Mechanism mechanism) {
    return mechanism == null
        ? "nobody"
        : mechanism == Mechanism.CENTRAL ? "coordinator" : "devices";
  }

  private static String decimal(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }

  void writeJson(Path file) throws IOException {
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document());
  }

  private ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("command", provenance.command());
    document.put("at", provenance.at().toString());
    document.put("machine", provenance.machine());
    document.put("data", data);
    document.put("training", training);
    document.put("devices", base.devices());
    document.put("tested", base.tested());
    document.put("popularityHitRate", base.popularity().mean());
    ArrayNode all = document.putArray("points");
    for (PrivacyPoint point : points) {
      ObjectNode node = all.addObject();
      node.put("mechanism", noiseBy(point.mechanism()));
      node.put("seed", point.seed());
      node.put("noiseMultiplier", point.noiseMultiplier());
      putEpsilon(
          node, "epsilonModels", point.cost() == null ? null : point.cost().models().epsilon());
      putEpsilon(
          node,
          "epsilonCoordinator",
          point.cost() == null ? null : point.cost().coordinator().epsilon());
      node.put("hitRate", point.hitRate().mean());
      node.put("hitRateStandardError", point.hitRate().standardError());
      node.put("ndcg", point.ndcg().mean());
      node.put("seconds", point.seconds());
    }
    ArrayNode lines = document.putArray("notes");
    notes().forEach(lines::add);
    return document;
  }

  /** Null is unbounded. */
  private static void putEpsilon(ObjectNode node, String field, @Nullable Double epsilon) {
    if (epsilon == null || Double.isInfinite(epsilon)) {
      node.putNull(field);
    } else {
      node.put(field, epsilon);
    }
  }

  void writeHtml(Path file) throws IOException {
    Files.writeString(file, Page.of("Quality against epsilon", body()));
  }

  private Markup body() {
    Markup page = new Markup();
    page.add("<p class='facts'>{}.</p>\n<p class='facts'>{}.</p>\n", data, training);
    page.add("<figure>{}</figure>\n", chart().svg());
    page.add(
        "<div class='scroll'><table><thead><tr><th>Epsilon, models</th><th class='left'>Noise by"
            + "</th><th>z</th><th>Epsilon, coordinator</th><th>HR@10</th><th>s.e.</th>"
            + "<th>NDCG@10</th></tr></thead><tbody>\n");
    for (Row row : rows()) {
      page.add(
          "<tr><td>{}</td><th scope='row'>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
              + "<td>{}</td></tr>\n",
          models(row.first()),
          noiseBy(row.first().mechanism()),
          decimal("%.3f", row.first().noiseMultiplier()),
          coordinator(row.first()),
          decimal("%.4f", row.mean(PrivacyPoint::hitRate)),
          decimal("%.4f", row.standardError(PrivacyPoint::hitRate)),
          decimal("%.4f", row.mean(PrivacyPoint::ndcg)));
    }
    page.add("</tbody></table></div>\n<ul>\n");
    notes().forEach(note -> page.add("<li>{}</li>\n", note));
    return page.add(
        "</ul>\n<h2>To repeat it</h2>\n<pre>{}</pre>\n<p class='note'>Finished {} on {}.</p>\n",
        provenance.command(),
        provenance.at(),
        provenance.machine());
  }

  /** Without noise, and popularity, have no epsilon: they are lines across. */
  private LineChart chart() {
    List<Row> noisy = rows().stream().filter(row -> row.first().mechanism() != null).toList();
    double low = noisy.stream().mapToDouble(row -> row.first().epsilon()).min().orElse(0);
    double high = noisy.stream().mapToDouble(row -> row.first().epsilon()).max().orElse(1);
    List<LineChart.Line> lines = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      List<Row> of =
          noisy.stream()
              .filter(row -> row.first().mechanism() == mechanism)
              .sorted(Comparator.comparingDouble(row -> row.first().epsilon()))
              .toList();
      if (!of.isEmpty()) {
        lines.add(
            new LineChart.Line(
                "noise by " + noiseBy(mechanism),
                mechanism.ordinal(),
                of.stream().mapToDouble(row -> row.first().epsilon()).toArray(),
                of.stream().mapToDouble(row -> row.mean(PrivacyPoint::hitRate)).toArray()));
      }
    }
    rows().stream()
        .filter(row -> row.first().mechanism() == null)
        .findFirst()
        .ifPresent(
            row -> lines.add(across("no noise", 2, low, high, row.mean(PrivacyPoint::hitRate))));
    lines.add(across("popularity", 3, low, high, base.popularity().mean()));
    return new LineChart("HR@10", "epsilon against whoever sees the models", lines);
  }

  private static LineChart.Line across(
      String label, int style, double low, double high, double value) {
    return new LineChart.Line(label, style, new double[] {low, high}, new double[] {value, value});
  }
}
