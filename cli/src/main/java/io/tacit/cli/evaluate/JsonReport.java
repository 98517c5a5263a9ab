package io.tacit.cli.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacit.simulation.evaluation.Estimate;
import io.tacit.simulation.quality.CellResult;
import io.tacit.simulation.quality.ColdStartRow;
import io.tacit.simulation.quality.QualityReport;
import io.tacit.simulation.quality.QualityRow;
import java.io.IOException;
import java.nio.file.Path;

/** An evaluation as JSON; docs/reference/evaluation.md explains the fields. */
final class JsonReport {

  private final ReportFrame frame;

  JsonReport(ReportFrame frame) {
    this.frame = frame;
  }

  void write(Path file) throws IOException {
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), document());
  }

  ObjectNode document() {
    QualityReport report = frame.report();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("command", frame.command());
    document.put("at", frame.at().toString());
    document.put("machine", frame.machine());
    document.put("data", report.data());
    document.put("users", report.users());
    document.put("items", report.items());
    document.put("interactions", report.interactions());
    ArrayNode seeds = document.putArray("seeds");
    report.settings().seeds().forEach(seeds::add);
    document.put("sampler", report.settings().sampling().label());
    document.put("comparableWithHonestFigures", report.isHonest());
    if (!report.isHonest()) {
      document.put("warning", QualityReport.NOT_COMPARABLE);
    }
    document.put("recipe", report.recipe().describe());
    document.put("transport", report.transport());
    ArrayNode rules = document.putArray("rules");
    report.rules().forEach(rules::add);
    ObjectNode chance = document.putObject("chance");
    chance.put("hitRate", report.chance().hitRate());
    chance.put("ndcg", report.chance().ndcg());
    ArrayNode rows = document.putArray("rows");
    report.rows().forEach(row -> rows.add(row(row)));
    ArrayNode cells = document.putArray("cells");
    report.cells().forEach(cell -> cells.add(cell(cell)));
    if (!report.coldStart().isEmpty()) {
      ObjectNode coldStart = document.putObject("coldStart");
      coldStart.put("rule", QualityReport.COLD_START_RULE);
      ArrayNode newDevices = coldStart.putArray("rows");
      report.coldStart().forEach(row -> newDevices.add(coldStart(row)));
    }
    document.put("seconds", report.seconds());
    return document;
  }

  private ObjectNode row(QualityRow row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("system", row.contender().label());
    node.put("sampler", frame.report().settings().sampling().label());
    ObjectNode sampled = node.putObject("sampled");
    sampled.set("hitRate", figure(row.sampledHitRate()));
    sampled.set("ndcg", figure(row.sampledNdcg()));
    sampled.set("hitRateOverPopularity", figure(row.overPopularity()));
    ObjectNode full = node.putObject("full");
    full.set("hitRate", figure(row.fullHitRate()));
    full.set("ndcg", figure(row.fullNdcg()));
    return node;
  }

  private ObjectNode coldStart(ColdStartRow row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("system", row.system());
    node.put("sampler", frame.report().settings().sampling().label());
    node.set("hitRate", figure(row.hitRate()));
    node.set("ndcg", figure(row.ndcg()));
    node.set("hitRateOverPopularity", figure(row.overPopularity()));
    return node;
  }

  private static ObjectNode figure(QualityRow.Figure figure) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("mean", figure.mean());
    node.put("standardErrorOverUsers", figure.errorOverUsers());
    figure.errorOverSeeds().ifPresent(error -> node.put("standardErrorOverSeeds", error));
    return node;
  }

  private static ObjectNode cell(CellResult cell) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("system", cell.contender().label());
    node.put("seed", cell.seed());
    node.set("hitRate", estimate(cell.sampled().hitRate()));
    node.set("ndcg", estimate(cell.sampled().ndcg()));
    node.set("fullHitRate", estimate(cell.full().hitRate()));
    node.set("fullNdcg", estimate(cell.full().ndcg()));
    node.put("validationHitRate", cell.validationHitRate());
    node.put("chosenOnValidation", cell.chosen());
    node.put("seconds", cell.seconds());
    ArrayNode curve = node.putArray("curve");
    for (CellResult.CurvePoint point : cell.curve()) {
      curve
          .addObject()
          .put("round", point.round())
          .put("loss", point.loss())
          .put("validationHitRate", point.validationHitRate())
          .put("hitRate", point.testHitRate());
    }
    return node;
  }

  private static ObjectNode estimate(Estimate estimate) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("mean", estimate.mean())
        .put("standardError", estimate.standardError());
  }
}
