package io.tacit.coordinator.plans;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.plan.Catalogue;
import io.tacit.protocol.plan.Feature;
import io.tacit.protocol.plan.FeatureSchema;
import io.tacit.protocol.plan.InvalidPlanException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The keys of a plan file under {@code features} and their defaults. */
final class FeatureReader {

  private static final String[] KINDS = {
    "numeric", "private-numeric", "categorical", "item-id", "hashed-text", "dense-vector", "pooled"
  };

  /** The keys whose values are lists of features. */
  static final List<String> LISTS = List.of("list", "item-features", "user-features");

  private final CatalogueLookup catalogues;

  FeatureReader(CatalogueLookup catalogues) {
    this.catalogues = catalogues;
  }

  FeatureSchema schema(Section features) {
    return features.has("list") || features.has("label")
        ? attributes(features.allowing("mapping-version", "label", "list"))
        : items(
            features.allowing(
                "mapping-version",
                "catalogue",
                "catalogue-items",
                "unknown-item-buckets",
                "positive-events",
                "item-features",
                "user-features"));
  }

  private static FeatureSchema attributes(Section features) {
    return new FeatureSchema.Attributes(
        features.integer("mapping-version", FeatureSchema.FIRST_MAPPING_VERSION),
        list(features, "list"),
        features.text("label"));
  }

  private static List<Feature> list(Section features, String key) {
    List<Feature> list = new ArrayList<>();
    for (Section feature : features.sections(key)) {
      list.add(feature(feature, list));
    }
    return list;
  }

  private static Feature feature(Section feature, List<Feature> earlier) {
    List<String> keys = new ArrayList<>(List.of("name"));
    keys.addAll(List.of(KINDS));
    feature.allowing(keys.toArray(new String[0]));
    String name = feature.text("name");
    String kind = feature.only(KINDS);
    Section settings = feature.section(kind);
    return switch (kind) {
      case "numeric" -> {
        settings.allowing("mean", "standard-deviation");
        yield new Feature.Numeric(
            name, settings.number("mean", 0), settings.number("standard-deviation", 1));
      }
      case "private-numeric" -> {
        settings.allowing("prior-mean", "prior-standard-deviation", "prior-count", "bound");
        yield new Feature.PrivateNumeric(
            name,
            settings.number("prior-mean", 0),
            settings.number("prior-standard-deviation", 1),
            settings.integer("prior-count", 10),
            settings.number("bound", 5));
      }
      case "categorical" -> {
        settings.allowing("values", "unknown-buckets");
        yield new Feature.Categorical(
            name, settings.texts("values"), settings.integer("unknown-buckets", 1));
      }
      case "item-id" -> {
        settings.allowing("values", "unknown-buckets");
        yield new Feature.ItemId(
            name,
            settings.has("values") ? settings.texts("values") : List.of(),
            settings.integer("unknown-buckets", 64));
      }
      case "hashed-text" -> {
        settings.allowing("buckets", "ngram-length");
        yield new Feature.HashedText(
            name, settings.integer("buckets", 64), settings.integer("ngram-length", 3));
      }
      case "dense-vector" -> {
        settings.allowing("dimension", "normalised");
        yield new Feature.DenseVector(
            name, settings.integer("dimension"), settings.truth("normalised", true));
      }
      default -> pooled(name, settings, earlier);
    };
  }

  private static Feature pooled(String name, Section settings, List<Feature> earlier) {
    settings.allowing("of", "last", "half-life", "events");
    return new Feature.Pooled(
        name,
        Feature.Pooled.source(name, settings.text("of"), earlier),
        settings.integer("last", 20),
        settings.number("half-life", 0),
        settings.has("events") ? new HashSet<>(settings.texts("events")) : new HashSet<>());
  }

  private FeatureSchema items(Section features) {
    Catalogue catalogue = features.isSection("catalogue") ? catalogueFile(features) : null;
    ContentHash hash = catalogue != null ? catalogue.contentHash() : catalogueHash(features);
    if (catalogue == null && !features.has("catalogue-items")) {
      catalogue = catalogues.find(hash).orElseThrow(() -> Catalogues.unknown(hash));
    }
    int items =
        catalogue != null && !features.has("catalogue-items")
            ? catalogue.size()
            : features.integer("catalogue-items");
    List<Feature> itemFeatures = list(features, "item-features");
    List<Feature> userFeatures = list(features, "user-features");
    return new FeatureSchema.Items(
        features.integer(
            "mapping-version", FeatureSchema.Items.mappingFor(itemFeatures, userFeatures)),
        hash,
        items,
        features.integer("unknown-item-buckets", 16),
        new HashSet<>(
            features.has("positive-events")
                ? features.texts("positive-events")
                : List.of("view", "click")),
        itemFeatures,
        userFeatures);
  }

  private static ContentHash catalogueHash(Section features) {
    String hex = features.text("catalogue");
    return PlanReader.checked("features.catalogue", () -> ContentHash.fromHex(hex));
  }

  private Catalogue catalogueFile(Section features) {
    String file = features.section("catalogue").allowing("file").text("file");
    return PlanReader.checked("features.catalogue", () -> catalogues.file(file))
        .orElseThrow(
            () ->
                new InvalidPlanException(
                    "features.catalogue",
                    "the file " + file,
                    "the hash of an uploaded catalogue",
                    "upload the file first and use the hash that the upload returns"));
  }
}
