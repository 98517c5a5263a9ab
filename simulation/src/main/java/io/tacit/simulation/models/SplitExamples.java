package io.tacit.simulation.models;

import io.tacit.client.features.CatalogueFeatures;
import io.tacit.client.features.UserFeatures;
import io.tacit.client.model.ItemFeatures;
import io.tacit.client.model.SparseVector;
import io.tacit.client.training.InteractionExamples;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.TrainingPlan;
import io.tacit.simulation.data.AttributeTable;
import io.tacit.simulation.evaluation.HonestSplit;
import io.tacit.simulation.population.Population;
import java.util.stream.IntStream;

/**
 * What the users of a split train on and are known by, as their devices encode it; for those who
 * train without devices. Thread-safe.
 */
final class SplitExamples {

  private final HonestSplit split;
  private final ItemFeatures items;
  private final SparseVector[] users;

  private SplitExamples(HonestSplit split, ItemFeatures items, SparseVector[] users) {
    this.split = split;
    this.items = items;
    this.users = users;
  }

  static SplitExamples of(TrainingPlan plan, HonestSplit split) {
    FeatureSchema.Items schema = (FeatureSchema.Items) plan.features();
    AttributeTable ofUsers = AttributeTable.ofUsers(split.data());
    return new SplitExamples(
        split,
        items(schema, AttributeTable.ofItems(split.data())),
        IntStream.range(0, split.userCount())
            .mapToObj(user -> UserFeatures.of(schema, Population.profile(ofUsers, split, user)))
            .toArray(SparseVector[]::new));
  }

  /** Encoded once: what encodes is for one thread. */
  private static ItemFeatures items(FeatureSchema.Items schema, AttributeTable known) {
    if (schema.itemFeatures().isEmpty()) {
      return ItemFeatures.NONE;
    }
    ItemFeatures encoder =
        CatalogueFeatures.of(
            schema, known.names(), (item, column) -> known.cells().get(item).get(column));
    SparseVector[] encoded =
        IntStream.range(0, schema.rows()).mapToObj(encoder::of).toArray(SparseVector[]::new);
    return item -> encoded[item];
  }

  /** What is known of items. */
  ItemFeatures items() {
    return items;
  }

  /** What is known of a user. */
  SparseVector user(int user) {
    return users[user];
  }

  /** What the device of a user trains on. */
  InteractionExamples examples(int user) {
    return InteractionExamples.of(split.training(user)).withFeatures(items, users[user]);
  }
}
