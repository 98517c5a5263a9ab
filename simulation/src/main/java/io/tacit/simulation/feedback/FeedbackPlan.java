package io.tacit.simulation.feedback;

import io.tacit.client.behaviour.BehaviourEvent;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.model.ModelSpecification;
import io.tacit.protocol.plan.AggregationSettings;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.ClientSettings;
import io.tacit.protocol.plan.CohortSettings;
import io.tacit.protocol.plan.DeadlineSettings;
import io.tacit.protocol.plan.EvaluationSettings;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.ServerOptimiserSettings;
import io.tacit.protocol.plan.TrainingPlan;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the devices train: a two-tower model on clicks, with the usual settings for short histories.
 */
final class FeedbackPlan {

  private static final String NAME = "feedback";
  private static final int UNKNOWN_ITEM_BUCKETS = 16;
  private static final int DIMENSION = 16;

  private FeedbackPlan() {}

  /** Items by number: row = item. */
  static Catalogue catalogue() {
    return Catalogue.of(
        IntStream.range(0, FeedbackSettings.ITEMS)
            .mapToObj(
                item ->
                    new Catalogue.Item(
                        String.format(Locale.ROOT, "item-%03d", item), "Item " + item))
            .collect(Collectors.toUnmodifiableList()));
  }

  static TrainingPlan of(FeedbackSettings settings, Catalogue catalogue) {
    FeatureSchema.Items features =
        new FeatureSchema.Items(
            catalogue.contentHash(),
            catalogue.size(),
            UNKNOWN_ITEM_BUCKETS,
            Set.of(BehaviourEvent.CLICK));
    return new TrainingPlan(
        new PlanId(NAME),
        1,
        NAME,
        new ModelSpecification.TwoTower(features.rows(), DIMENSION, true, settings.seed()),
        features,
        new ClientSettings(ClientSettings.Optimiser.SGD, 0.1, 1, 0, 4, 1, 1, 10_000, true, 0),
        new CohortSettings(settings.cohort(), (settings.cohort() + 1) / 2, 1),
        new DeadlineSettings(Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofSeconds(30)),
        new ServerOptimiserSettings(ServerOptimiserSettings.Kind.FED_ADAM, 0.1, 0.9, 0.99, 1e-3),
        new AggregationSettings(
            AggregationSettings.Mode.PLAIN, true, AggregationSettings.Weighting.UNIFORM, 100),
        new EvaluationSettings(0),
        settings.rounds());
  }
}
