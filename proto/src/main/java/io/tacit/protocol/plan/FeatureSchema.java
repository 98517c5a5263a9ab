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
   * The newest mapping from events to numbers that this software knows; it knows all from 1. Any
   * change to what the same events become under the same features is a new mapping: a model means
   * nothing to inputs of another one. Mapping 2 adds features of items and users to models over
   * items and changes nothing else, so that plans without these stay at 1.
   */
  int MAPPING_VERSION = 2;

  /** The mapping of schemas without features of items and users. */
  int FIRST_MAPPING_VERSION = 1;

  /**
   * What the encoded numbers of features of items and users are multiplied by. Hundreds of examples
   * of one device share a feature, and each moves its row: without this, features would move a
   * hundred times as far as items and nothing else would be left of a clipped update.
   */
  float SIDE_FEATURE_WEIGHT = 0.1f;

  /** Features of items, or of users, that a schema over items may list. */
  int SIDE_FEATURES_MAX = 64;

  /** Numbers that the histories of all pooled features together may have to keep, 8 MiB. */
  int HISTORY_NUMBERS_MAX = 1024 * 1024;

  /** Which mapping from events to numbers, 1 to {@link #MAPPING_VERSION}. */
  int mappingVersion();

  /** Refuses a mapping that this software does not know. */
  static void requireKnown(int mappingVersion) {
    if (mappingVersion < 1 || mappingVersion > MAPPING_VERSION) {
      throw InvalidPlanException.newer(
          "features.mapping-version", mappingVersion, "1 to " + MAPPING_VERSION);
    }
  }

  /**
   * For models over items. An item is an embedding row: its line in the catalogue, or, if it is not
   * there, one of the bucket rows behind the catalogue's, chosen by the hash of its id.
   *
   * @param mappingVersion how unknown ids become buckets
   * @param catalogueHash content hash of the catalogue
   * @param catalogueItems items in it, 1 to 16 Mi
   * @param unknownItemBuckets 0 to 65 536; with 0, unknown items are passed over
   * @param positiveEvents names of the kinds of events that say that the person wants the item,
   *     e.g. {@code click}; at least one
   * @param itemFeatures what is known of items, by columns of the catalogue of the same names; at
   *     most {@value #SIDE_FEATURES_MAX}, none under mapping 1; numeric, categorical, hashed text
   *     or dense vector. A cell that is empty or does not fit is all zeros. Of several values, with
   *     {@code |} between them, a categorical feature gives each of n a weight of {@code 1 / √n}.
   *     All are then multiplied by {@link #SIDE_FEATURE_WEIGHT}
   * @param userFeatures what is known of the person, by event attributes of the same names, of
   *     which the latest event that carries one counts; of the same kinds and number
   */
  record Items(
      int mappingVersion,
      ContentHash catalogueHash,
      int catalogueItems,
      int unknownItemBuckets,
      Set<String> positiveEvents,
      List<Feature> itemFeatures,
      List<Feature> userFeatures)
      implements FeatureSchema {

    public Items {
      requireKnown(mappingVersion);
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
      itemFeatures = side("features.item-features", mappingVersion, itemFeatures);
      userFeatures = side("features.user-features", mappingVersion, userFeatures);
    }

    /** Without features of items and users. */
    public Items(
        int mappingVersion,
        ContentHash catalogueHash,
        int catalogueItems,
        int unknownItemBuckets,
        Set<String> positiveEvents) {
      this(
          mappingVersion,
          catalogueHash,
          catalogueItems,
          unknownItemBuckets,
          positiveEvents,
          List.of(),
          List.of());
    }

    /** Without features of items and users, of the first mapping. */
    public Items(
        ContentHash catalogueHash,
        int catalogueItems,
        int unknownItemBuckets,
        Set<String> positiveEvents) {
      this(
          FIRST_MAPPING_VERSION, catalogueHash, catalogueItems, unknownItemBuckets, positiveEvents);
    }

    /** The oldest mapping that has what these features need. */
    public static int mappingFor(List<Feature> itemFeatures, List<Feature> userFeatures) {
      return itemFeatures.isEmpty() && userFeatures.isEmpty()
          ? FIRST_MAPPING_VERSION
          : MAPPING_VERSION;
    }

    private static List<Feature> side(String field, int mappingVersion, List<Feature> features) {
      Fields.within(
          field,
          features.size(),
          0,
          mappingVersion == FIRST_MAPPING_VERSION ? 0 : SIDE_FEATURES_MAX,
          mappingVersion == FIRST_MAPPING_VERSION
              ? "set features.mapping-version to " + MAPPING_VERSION + ", or leave it out"
              : "leave the least useful out (this counts them)");
      if (features.stream().map(Feature::name).distinct().count() != features.size()) {
        throw new InvalidPlanException(
            field, "a repeated name", "distinct names", "remove one of them");
      }
      for (Feature feature : features) {
        if (feature instanceof Feature.PrivateNumeric
            || feature instanceof Feature.ItemId
            || feature instanceof Feature.Pooled) {
          throw new InvalidPlanException(
              field + "." + feature.name(),
              "of another kind",
              "numeric, categorical, hashed-text or dense-vector",
              "take one of these: an item, or a person, is not an event");
        }
      }
      return List.copyOf(features);
    }

    /** Encoded numbers of an item's features, 0 without. */
    public int itemFeatureWidth() {
      return widthOf(itemFeatures);
    }

    /** Encoded numbers of a user's features, 0 without. */
    public int userFeatureWidth() {
      return widthOf(userFeatures);
    }

    /**
     * Checks that a catalogue has the columns that the features of items read, with cells that they
     * can read.
     *
     * @throws InvalidPlanException naming feature and item, without the cell
     */
    public void requireFit(Catalogue catalogue) {
      for (Feature feature : itemFeatures) {
        int column = catalogue.columns().indexOf(feature.name());
        if (column < 0) {
          throw new InvalidPlanException(
              "features.item-features." + feature.name(),
              "no column of the catalogue",
              "one of " + catalogue.columns(),
              "add the column to the catalogue, or remove the feature");
        }
        for (int row = 0; row < catalogue.size(); row++) {
          if (!CatalogueCells.fits(feature, catalogue.item(row).cells().get(column))) {
            throw new InvalidPlanException(
                "features.item-features." + feature.name(),
                "not readable of item " + catalogue.item(row).id(),
                CatalogueCells.form(feature) + ", or empty",
                "mend the item's line in the catalogue");
          }
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
   * @param mappingVersion how attributes become numbers
   * @param features the inputs in order, at least one, names distinct
   * @param label the event attribute to predict, not one of the features
   */
  record Attributes(int mappingVersion, List<Feature> features, String label)
      implements FeatureSchema {

    public Attributes {
      requireKnown(mappingVersion);
      features = List.copyOf(features);
      Fields.within("features", features.size(), 1, 1_024, "list the features (this counts them)");
      if (features.stream().map(Feature::name).distinct().count() != features.size()) {
        throw new InvalidPlanException(
            "features", "a repeated name", "distinct names", "remove one of them");
      }
      requireHistory(features);
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

    /** Of the first mapping, which later ones do not change for attributes. */
    public Attributes(List<Feature> features, String label) {
      this(FIRST_MAPPING_VERSION, features, label);
    }

    private static void requireHistory(List<Feature> features) {
      long numbers = 0;
      for (int i = 0; i < features.size(); i++) {
        if (features.get(i) instanceof Feature.Pooled pooled) {
          if (!features.subList(0, i).contains(pooled.of())) {
            throw new InvalidPlanException(
                "features." + pooled.name() + ".of",
                pooled.of().name(),
                "one of the features that are listed before",
                "list that one first");
          }
          numbers += (long) pooled.last() * pooled.of().filledMax();
          if (numbers > HISTORY_NUMBERS_MAX) {
            throw new InvalidPlanException(
                "features." + pooled.name() + ".last",
                pooled.last(),
                "so low that all pooled features together keep at most "
                    + HISTORY_NUMBERS_MAX
                    + " numbers",
                "lower it, or the dimension of what is pooled");
          }
        }
      }
    }

    /** Encoded numbers per example: the inputs of the model. */
    public int width() {
      return widthOf(features);
    }
  }

  private static int widthOf(List<Feature> features) {
    int width = 0;
    for (Feature feature : features) {
      width += feature.width();
    }
    return width;
  }
}
