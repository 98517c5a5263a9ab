package io.tacit.protocol.plan;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.Names;
import java.util.List;
import java.util.Set;

/**
 * How behaviour becomes examples: over items for recommenders, over attributes for tabular models.
 */
public sealed interface FeatureSchema {

  /**
   * For models over items. An item is an embedding row: its line in the catalogue, or, if it is not
   * there, one of the bucket rows behind the catalogue's, chosen by the hash of its id.
   *
   * @param catalogueHash content hash of the catalogue
   * @param catalogueItems items in it, 1 to 16 Mi
   * @param unknownItemBuckets 0 to 65 536; with 0, unknown items are passed over
   * @param positiveEvents names of the kinds of events that say that the person wants the item,
   *     e.g. {@code click}; at least one
   */
  record Items(
      ContentHash catalogueHash,
      int catalogueItems,
      int unknownItemBuckets,
      Set<String> positiveEvents)
      implements FeatureSchema {

    public Items {
      positiveEvents = Set.copyOf(positiveEvents);
      Fields.within(
          "features.catalogue-items",
          catalogueItems,
          1,
          16 * 1024 * 1024,
          "it is the number of lines of the catalogue");
      Fields.within("features.unknown-item-buckets", unknownItemBuckets, 0, 65_536, "16 are usual");
      if (positiveEvents.isEmpty()) {
        throw new InvalidPlanException(
            "features.positive-events", "empty", "at least one kind of event", "add click");
      }
      for (String event : positiveEvents) {
        if (!Names.isName(event)) {
          throw new InvalidPlanException(
              "features.positive-events",
              "\"" + event + "\"",
              "names of 1 to 64 characters of a-z 0-9 - . _",
              "use the names of event kinds, such as click or add-to-cart");
        }
      }
    }

    /** Embedding rows: catalogue and buckets. */
    public int rows() {
      return catalogueItems + unknownItemBuckets;
    }
  }

  /**
   * For tabular models: each event that carries the label is an example.
   *
   * @param features the inputs in order, at least one, names distinct
   * @param label the event attribute to predict, not one of the features
   */
  record Attributes(List<Feature> features, String label) implements FeatureSchema {

    public Attributes {
      features = List.copyOf(features);
      Fields.within("features", features.size(), 1, 1_024, "list the features (this counts them)");
      if (features.stream().map(Feature::name).distinct().count() != features.size()) {
        throw new InvalidPlanException(
            "features", "a repeated name", "distinct names", "remove one of them");
      }
      if (!Names.isName(label)) {
        throw new InvalidPlanException(
            "features.label", "\"" + label + "\"", "the name of an event attribute", "name one");
      }
      if (features.stream().anyMatch(feature -> feature.name().equals(label))) {
        throw new InvalidPlanException(
            "features.label",
            label,
            "none of the features",
            "remove the feature: a model that sees the answer learns nothing else");
      }
    }

    /** Encoded numbers per example: the inputs of the model. */
    public int width() {
      int width = 0;
      for (Feature feature : features) {
        width += feature.width();
      }
      return width;
    }
  }
}
