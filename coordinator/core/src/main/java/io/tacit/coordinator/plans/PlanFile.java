package io.tacit.coordinator.plans;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.tacit.protocol.plan.InvalidPlanException;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Map;

/**
 * The form in which people write plans, YAML or JSON, and back. Every key, its default and its
 * range stand in {@code docs/reference/plan.md}. Stateless.
 */
public final class PlanFile {

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              // Without it a text such as "1998" or "true" would lose its quotes.
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  private PlanFile() {}

  /**
   * Reads a plan file.
   *
   * @param text YAML, or JSON if it begins with a brace; at most 1 MiB
   * @param catalogues where to find the catalogue of a plan over items
   * @throws PlanFileException saying line, column, field, value, allowed range and remedy
   */
  public static TrainingPlan parse(String text, CatalogueLookup catalogues) {
    PlanNode.Mapping root = PlanSyntax.parse(text);
    try {
      return new PlanReader(catalogues).plan(Section.root(root));
    } catch (InvalidPlanException e) {
      throw PlanFileException.field(PlanSyntax.locate(root, e.field()), e);
    }
  }

  /**
   * A plan in the spelling of plan files, every key written out: values are texts, numbers, truth
   * values, lists and maps. Reading it back gives the same plan.
   */
  public static Map<String, Object> toTree(TrainingPlan plan) {
    return PlanWriter.plan(plan);
  }

  /** A plan as YAML, every key written out. */
  public static String toYaml(TrainingPlan plan) {
    try {
      return YAML.writeValueAsString(toTree(plan));
    } catch (JsonProcessingException e) {
      throw new AssertionError("maps, lists and texts can always be written", e);
    }
  }
}
