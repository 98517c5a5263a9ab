package io.tacit.cli.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.cli.page.LineChart;
import io.tacit.cli.page.Markup;
import io.tacit.cli.page.Page;
import io.tacit.cli.page.Provenance;
import io.tacit.simulation.data.LabelledImages;
import io.tacit.simulation.fedavg.FedAvgRow;
import io.tacit.simulation.fedavg.FedAvgRun;
import io.tacit.simulation.fedavg.FedAvgSettings;
import io.tacit.simulation.fedavg.Method;
import io.tacit.simulation.fedavg.Partition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An experiment with federated averaging, as JSON and as a page; docs/reference/evaluation.md
 * explains the fields.
 *
 * @param settings what was tried
 * @param images on what
 * @param targets accuracies that rounds are counted to; owned by this record
 * @param runs all of them
 * @param provenance what is needed to repeat it
 */
record FedAvgReport(
    FedAvgSettings settings,
    LabelledImages.Sets images,
    double[] targets,
    List<FedAvgRun> runs,
    Provenance provenance) {

  /** One row per method and partition. */
  List<FedAvgRow> rows() {
    return FedAvgRow.of(runs);
  }

  /** How was trained, in a sentence without its stop. */
  static String training(FedAvgSettings settings) {
    return String.format(
        Locale.ROOT,
        "FedAvg: %d epoch(s), batch %d, rate %s; FedSGD: one step on all images of a device, rate"
            + " %s; where apps close: %.0f %% assigned, %.0f %% of participations end early. SGD"
            + " without momentum, mean weighted by images",
        settings.epochs(),
        settings.batch(),
        settings.rate(),
        settings.sgdRate(),
        100 * settings.overSelection(),
        100 * settings.dropout());
  }

  /** What belongs beside the table, sentence by sentence. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Rounds are those to the first tested model with the accuracy, mean over seeds; - if a run"
            + " has not had it. UPDATES is the mean number in a round.");
    for (Partition partition : Partition.values()) {
      row(Method.FEDAVG, partition)
          .ifPresent(
              reliable ->
                  row(Method.FEDAVG_DROPOUT, partition)
                      .ifPresent(closing -> compare(reliable, closing, notes)));
    }
    return notes;
  }

  private void compare(FedAvgRow reliable, FedAvgRow closing, List<String> notes) {
    for (double target : targets) {
      OptionalDouble without = reliable.roundsTo(target);
      OptionalDouble with = closing.roundsTo(target);
      if (without.isPresent() && with.isPresent()) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s, %s: where apps close, %.1f rounds instead of %.1f, %+.1f %%.",
                reliable.partition().label(),
                share(target),
                with.getAsDouble(),
                without.getAsDouble(),
                100 * (with.getAsDouble() / without.getAsDouble() - 1)));
      }
    }
  }

  private Optional<FedAvgRow> row(Method method, Partition partition) {
    return rows().stream()
        .filter(row -> row.method() == method && row.partition() == partition)
        .findFirst();
  }

  static String share(double value) {
    return String.format(Locale.ROOT, "%.4g %%", 100 * value).replaceAll("\\.?0+ %", " %");
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
    document.put("trainingImages", images.training().size());
    document.put("testImages", images.test().size());
    document.put("pixels", images.training().pixels());
    document.put("clients", settings.clients());
    document.put("cohort", settings.cohort());
    document.put("training", training(settings));
    ArrayNode rows = document.putArray("rows");
    for (FedAvgRow row : rows()) {
      ObjectNode node = rows.addObject();
      node.put("method", row.method().label());
      node.put("partition", row.partition().label());
      node.put("updates", row.mean(FedAvgRun::contributors));
      ArrayNode reached = node.putArray("roundsTo");
      for (double target : targets) {
        ObjectNode one = reached.addObject().put("accuracy", target);
        row.roundsTo(target).ifPresent(rounds -> one.put("rounds", rounds));
      }
      node.put("rounds", settings.rounds(row.method()));
      node.put("accuracy", row.mean(FedAvgRun::lastAccuracy));
    }
    ArrayNode all = document.putArray("runs");
    runs.forEach(run -> all.add(run(run)));
    return document;
  }

  private static ObjectNode run(FedAvgRun run) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("method", run.method().label());
    node.put("partition", run.partition().label());
    node.put("seed", run.seed());
    node.put("updates", run.contributors());
    node.put("bytesUp", run.bytesUp());
    node.put("seconds", run.seconds());
    ArrayNode curve = node.putArray("curve");
    for (FedAvgRun.Point point : run.curve()) {
      curve
          .addObject()
          .put("round", point.round())
          .put("loss", point.loss())
          .put("accuracy", point.accuracy());
    }
    return node;
  }

  void writeHtml(Path file) throws IOException {
    Files.writeString(file, Page.of("Federated averaging on images", body()));
  }

  private Markup body() {
    Markup page = new Markup();
    page.add(
        "<p class='facts'>{} training and {} test images of {} pixels; {} devices, {} in a"
            + " round.</p>\n<p class='facts'>{}.</p>\n",
        images.training().size(),
        images.test().size(),
        images.training().pixels(),
        settings.clients(),
        settings.cohort(),
        training(settings));
    table(page);
    page.add("<h2>Accuracy on test images, by round</h2>\n<div class='charts'>\n");
    for (Partition partition : Partition.values()) {
      if (runs.stream().anyMatch(run -> run.partition() == partition)) {
        page.add("<figure>{}</figure>\n", chart(partition).svg());
      }
    }
    page.add("</div>\n<ul>\n");
    notes().forEach(note -> page.add("<li>{}</li>\n", note));
    return page.add(
        "</ul>\n<h2>To repeat it</h2>\n<pre>{}</pre>\n<p class='note'>Finished {} on {}.</p>\n",
        provenance.command(),
        provenance.at(),
        provenance.machine());
  }

  private void table(Markup page) {
    page.add(
        "<div class='scroll'><table><thead><tr><th class='left'>Devices</th><th class='left'>Method"
            + "</th><th>Updates in a round</th>");
    for (double target : targets) {
      page.add("<th>Rounds to {}</th>", share(target));
    }
    page.add("<th>Accuracy after the last</th></tr></thead><tbody>\n");
    for (FedAvgRow row : rows()) {
      page.add(
          "<tr><th scope='row'>{}</th><th scope='row'>{}</th><td>{}</td>",
          row.partition().label(),
          row.method().title(),
          row.mean(FedAvgRun::contributors));
      for (double target : targets) {
        OptionalDouble rounds = row.roundsTo(target);
        page.add("<td>{}</td>", rounds.isPresent() ? (Object) rounds.getAsDouble() : "-");
      }
      page.add(
          "<td>{}</td></tr>\n",
          String.format(Locale.ROOT, "%.4f", row.mean(FedAvgRun::lastAccuracy)));
    }
    page.add("</tbody></table></div>\n");
  }

  private LineChart chart(Partition partition) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (FedAvgRun run : runs) {
      if (run.partition() == partition) {
        lines.add(
            new LineChart.Line(
                run.method().title() + ", seed " + run.seed(),
                run.method().ordinal(),
                run.curve().stream().mapToDouble(FedAvgRun.Point::round).toArray(),
                run.curve().stream().mapToDouble(FedAvgRun.Point::accuracy).toArray()));
      }
    }
    return new LineChart(partition.label(), "round", lines);
  }
}
