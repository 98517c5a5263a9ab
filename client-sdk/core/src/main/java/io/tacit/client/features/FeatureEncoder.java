package io.tacit.client.features;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.client.training.ExampleOutcome;
import io.tacit.client.training.InteractionExamples;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Events to examples, by the features of a plan. Deterministic: the same events, plan and catalogue
 * give the same examples everywhere. Data that does not fit is an outcome, not an exception.
 *
 * <p>Over items, an example is a distinct item with a positive event, in the order of the
 * <em>last</em> such event: what a person came back to counts as recent, where only the latest are
 * used and where a model counts them more. That is the order in which events were recorded,
 * whatever their times say. What the plan's features of items and users say comes along. Over
 * attributes, an example is an event that carries the label; its numbers come from its own
 * attributes and, where the plan says so, from the events before it.
 *
 * <p>The arithmetic is that of {@link FeatureSchema#MAPPING_VERSION}: whatever changes a number
 * that comes out needs a new version, and this class both.
 */
public final class FeatureEncoder {

  private FeatureEncoder() {}

  /**
   * Encodes a device's events.
   *
   * @param events in the order in which they happened
   * @param plan says which features
   * @param catalogue the one that the plan names, null if it names none
   */
  public static ExampleOutcome encode(
      List<BehaviourEvent> events, TrainingPlan plan, @Nullable Catalogue catalogue) {
    int examplesMax = plan.client().examplesMax();
    if (plan.features() instanceof FeatureSchema.Items schema) {
      if (catalogue == null || catalogue.size() != schema.catalogueItems()) {
        return new ExampleOutcome.Unfit(
            "catalogue has "
                + (catalogue == null ? 0 : catalogue.size())
                + " items, the plan's has "
                + schema.catalogueItems()
                + "; fetch the catalogue of the plan");
      }
      int[] rows = positiveRows(events, schema, catalogue);
      InteractionExamples own = InteractionExamples.of(latest(rows, examplesMax));
      return withFeatures(own, events, schema, catalogue);
    }
    return AttributeEncoder.of(plan).examples(events, examplesMax);
  }

  private static ExampleOutcome withFeatures(
      InteractionExamples own,
      List<BehaviourEvent> events,
      FeatureSchema.Items schema,
      Catalogue catalogue) {
    try {
      return new ExampleOutcome.Examples(
          own.withFeatures(
              CatalogueFeatures.of(schema, catalogue), UserFeatures.of(schema, events)));
    } catch (IllegalArgumentException e) {
      return new ExampleOutcome.Unfit(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Encodes what a tabular model is to be asked about, by the same mapping as its examples: had one
   * of these events happened with a label, it would be that example.
   *
   * @param before the device's events, in the order in which they happened
   * @param events each of them as if it came right after those; for instance one per item that
   *     could be shown
   * @param plan that trained the model
   */
  public static InputOutcome inputs(
      List<BehaviourEvent> before, List<BehaviourEvent> events, TrainingPlan plan) {
    if (!(plan.features() instanceof FeatureSchema.Attributes)) {
      return new InputOutcome.Unfit(
          "plan "
              + plan.id()
              + " is over items, must be over attributes; recommend with its model instead");
    }
    return AttributeEncoder.of(plan).inputs(before, events);
  }

  /**
   * The items that a person wants: distinct embedding rows with a positive event, in the order of
   * the last such event.
   */
  public static int[] positiveRows(
      List<BehaviourEvent> events, FeatureSchema.Items schema, Catalogue catalogue) {
    return rows(events, schema, catalogue, event -> schema.positiveEvents().contains(event.kind()));
  }

  /** The items that a person knows: distinct embedding rows with any event, in the same order. */
  public static int[] knownRows(
      List<BehaviourEvent> events, FeatureSchema.Items schema, Catalogue catalogue) {
    return rows(events, schema, catalogue, event -> true);
  }

  private static int[] rows(
      List<BehaviourEvent> events,
      FeatureSchema.Items schema,
      Catalogue catalogue,
      Predicate<BehaviourEvent> wanted) {
    Set<Integer> rows = new LinkedHashSet<>();
    for (BehaviourEvent event : events) {
      if (!wanted.test(event) || !event.itemId().isPresent()) {
        continue;
      }
      int row = catalogue.embeddingRow(event.itemId().get(), schema.unknownItemBuckets());
      if (row >= 0) {
        rows.remove(row);
        rows.add(row);
      }
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] latest(int[] rows, int max) {
    return rows.length <= max ? rows : Arrays.copyOfRange(rows, rows.length - max, rows.length);
  }
}
