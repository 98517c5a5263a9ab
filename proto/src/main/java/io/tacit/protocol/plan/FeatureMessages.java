package io.tacit.protocol.plan;

import com.google.protobuf.ByteString;
import io.tacit.protocol.ContentHash;
import io.tacit.protocol.v1.CategoricalFeature;
import io.tacit.protocol.v1.DenseVectorFeature;
import io.tacit.protocol.v1.HashedTextFeature;
import io.tacit.protocol.v1.ItemIdFeature;
import io.tacit.protocol.v1.NumericFeature;
import io.tacit.protocol.v1.PooledFeature;
import io.tacit.protocol.v1.PrivateNumericFeature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/** The wire form of a plan's features: {@code tacit.v1.FeatureSchema} both ways. */
final class FeatureMessages {

  /** The fields of which a feature has one. */
  private static final int[] ENCODINGS = {
    io.tacit.protocol.v1.Feature.NUMERIC_FIELD_NUMBER,
    io.tacit.protocol.v1.Feature.CATEGORICAL_FIELD_NUMBER,
    io.tacit.protocol.v1.Feature.HASHED_TEXT_FIELD_NUMBER,
    io.tacit.protocol.v1.Feature.PRIVATE_NUMERIC_FIELD_NUMBER,
    io.tacit.protocol.v1.Feature.DENSE_VECTOR_FIELD_NUMBER,
    io.tacit.protocol.v1.Feature.ITEM_ID_FIELD_NUMBER,
    io.tacit.protocol.v1.Feature.POOLED_FIELD_NUMBER
  };

  private FeatureMessages() {}

  static io.tacit.protocol.v1.FeatureSchema encode(FeatureSchema schema) {
    io.tacit.protocol.v1.FeatureSchema.Builder message =
        io.tacit.protocol.v1.FeatureSchema.newBuilder().setMappingVersion(schema.mappingVersion());
    if (schema instanceof FeatureSchema.Items items) {
      message
          .setCatalogueHash(ByteString.copyFrom(items.catalogueHash().toBytes()))
          .setCatalogueItems(items.catalogueItems())
          .setUnknownItemBuckets(items.unknownItemBuckets())
          // Sorted, so that equal plans have equal bytes.
          .addAllPositiveEvents(new TreeSet<>(items.positiveEvents()));
      for (Feature feature : items.itemFeatures()) {
        message.addItemFeatures(encode(feature));
      }
      for (Feature feature : items.userFeatures()) {
        message.addUserFeatures(encode(feature));
      }
    } else if (schema instanceof FeatureSchema.Attributes attributes) {
      message.setLabel(attributes.label());
      for (Feature feature : attributes.features()) {
        message.addFeatures(encode(feature));
      }
    }
    return message.build();
  }

  static FeatureSchema decode(WireMessage message) {
    int written = message.uint32(io.tacit.protocol.v1.FeatureSchema.MAPPING_VERSION_FIELD_NUMBER);
    int mappingVersion = written == 0 ? 1 : written;
    // First: a newer mapping may have kinds of features of which nothing can be read here.
    FeatureSchema.requireKnown(mappingVersion);
    List<WireMessage> features =
        message.messages(io.tacit.protocol.v1.FeatureSchema.FEATURES_FIELD_NUMBER);
    return features.isEmpty()
        ? items(mappingVersion, message)
        : attributes(mappingVersion, features, message);
  }

  private static FeatureSchema attributes(
      int mappingVersion, List<WireMessage> messages, WireMessage schema) {
    return new FeatureSchema.Attributes(
        mappingVersion,
        features(messages),
        schema.string(io.tacit.protocol.v1.FeatureSchema.LABEL_FIELD_NUMBER));
  }

  private static List<Feature> features(List<WireMessage> messages) {
    List<Feature> features = new ArrayList<>();
    for (WireMessage message : messages) {
      features.add(decode(message, features));
    }
    return features;
  }

  private static FeatureSchema items(int mappingVersion, WireMessage message) {
    return new FeatureSchema.Items(
        mappingVersion,
        catalogueHash(
            message.bytes(io.tacit.protocol.v1.FeatureSchema.CATALOGUE_HASH_FIELD_NUMBER)),
        message.uint32(io.tacit.protocol.v1.FeatureSchema.CATALOGUE_ITEMS_FIELD_NUMBER),
        message.uint32(io.tacit.protocol.v1.FeatureSchema.UNKNOWN_ITEM_BUCKETS_FIELD_NUMBER),
        new HashSet<>(
            message.strings(io.tacit.protocol.v1.FeatureSchema.POSITIVE_EVENTS_FIELD_NUMBER)),
        features(message.messages(io.tacit.protocol.v1.FeatureSchema.ITEM_FEATURES_FIELD_NUMBER)),
        features(message.messages(io.tacit.protocol.v1.FeatureSchema.USER_FEATURES_FIELD_NUMBER)));
  }

  private static ContentHash catalogueHash(byte[] digest) {
    try {
      return ContentHash.fromDigest(digest);
    } catch (IllegalArgumentException e) {
      throw InvalidPlanException.because("features", e);
    }
  }

  private static io.tacit.protocol.v1.Feature encode(Feature feature) {
    io.tacit.protocol.v1.Feature.Builder message =
        io.tacit.protocol.v1.Feature.newBuilder().setName(feature.name());
    if (feature instanceof Feature.Numeric numeric) {
      message.setNumeric(
          NumericFeature.newBuilder()
              .setMean(numeric.mean())
              .setStandardDeviation(numeric.standardDeviation()));
    } else if (feature instanceof Feature.PrivateNumeric numeric) {
      message.setPrivateNumeric(
          PrivateNumericFeature.newBuilder()
              .setPriorMean(numeric.priorMean())
              .setPriorStandardDeviation(numeric.priorStandardDeviation())
              .setPriorCount(numeric.priorCount())
              .setBound(numeric.bound()));
    } else if (feature instanceof Feature.Categorical categorical) {
      message.setCategorical(
          CategoricalFeature.newBuilder()
              .addAllValues(categorical.values())
              .setUnknownBuckets(categorical.unknownBuckets()));
    } else if (feature instanceof Feature.ItemId item) {
      message.setItemId(
          ItemIdFeature.newBuilder()
              .addAllValues(item.values())
              .setUnknownBuckets(item.unknownBuckets()));
    } else if (feature instanceof Feature.HashedText text) {
      message.setHashedText(
          HashedTextFeature.newBuilder()
              .setBuckets(text.buckets())
              .setNgramLength(text.ngramLength()));
    } else if (feature instanceof Feature.DenseVector vector) {
      message.setDenseVector(
          DenseVectorFeature.newBuilder()
              .setDimension(vector.dimension())
              .setNormalised(vector.normalised()));
    } else if (feature instanceof Feature.Pooled pooled) {
      message.setPooled(
          PooledFeature.newBuilder()
              .setOf(pooled.of().name())
              .setLast(pooled.last())
              .setHalfLife(pooled.halfLife())
              .addAllEvents(new TreeSet<>(pooled.events())));
    }
    return message.build();
  }

  private static Feature decode(WireMessage message, List<Feature> earlier) {
    String name = message.string(io.tacit.protocol.v1.Feature.NAME_FIELD_NUMBER);
    for (int encoding : ENCODINGS) {
      if (message.has(encoding)) {
        return decode(name, encoding, message.message(encoding), earlier);
      }
    }
    throw InvalidPlanException.newer(
        "features." + name,
        "of a newer kind",
        "numeric, private numeric, categorical, item id, hashed text, dense vector or pooled");
  }

  private static Feature decode(
      String name, int encoding, WireMessage message, List<Feature> earlier) {
    return switch (encoding) {
      case io.tacit.protocol.v1.Feature.NUMERIC_FIELD_NUMBER ->
          new Feature.Numeric(
              name,
              message.float64(NumericFeature.MEAN_FIELD_NUMBER),
              message.float64(NumericFeature.STANDARD_DEVIATION_FIELD_NUMBER));
      case io.tacit.protocol.v1.Feature.PRIVATE_NUMERIC_FIELD_NUMBER ->
          new Feature.PrivateNumeric(
              name,
              message.float64(PrivateNumericFeature.PRIOR_MEAN_FIELD_NUMBER),
              message.float64(PrivateNumericFeature.PRIOR_STANDARD_DEVIATION_FIELD_NUMBER),
              message.uint32(PrivateNumericFeature.PRIOR_COUNT_FIELD_NUMBER),
              message.float64(PrivateNumericFeature.BOUND_FIELD_NUMBER));
      case io.tacit.protocol.v1.Feature.CATEGORICAL_FIELD_NUMBER ->
          new Feature.Categorical(
              name,
              message.strings(CategoricalFeature.VALUES_FIELD_NUMBER),
              message.uint32(CategoricalFeature.UNKNOWN_BUCKETS_FIELD_NUMBER));
      case io.tacit.protocol.v1.Feature.ITEM_ID_FIELD_NUMBER ->
          new Feature.ItemId(
              name,
              message.strings(ItemIdFeature.VALUES_FIELD_NUMBER),
              message.uint32(ItemIdFeature.UNKNOWN_BUCKETS_FIELD_NUMBER));
      case io.tacit.protocol.v1.Feature.HASHED_TEXT_FIELD_NUMBER ->
          new Feature.HashedText(
              name,
              message.uint32(HashedTextFeature.BUCKETS_FIELD_NUMBER),
              message.uint32(HashedTextFeature.NGRAM_LENGTH_FIELD_NUMBER));
      case io.tacit.protocol.v1.Feature.DENSE_VECTOR_FIELD_NUMBER ->
          new Feature.DenseVector(
              name,
              message.uint32(DenseVectorFeature.DIMENSION_FIELD_NUMBER),
              message.bool(DenseVectorFeature.NORMALISED_FIELD_NUMBER));
      case io.tacit.protocol.v1.Feature.POOLED_FIELD_NUMBER ->
          new Feature.Pooled(
              name,
              Feature.Pooled.source(name, message.string(PooledFeature.OF_FIELD_NUMBER), earlier),
              message.uint32(PooledFeature.LAST_FIELD_NUMBER),
              message.float64(PooledFeature.HALF_LIFE_FIELD_NUMBER),
              new HashSet<>(message.strings(PooledFeature.EVENTS_FIELD_NUMBER)));
      default -> throw new AssertionError("encoding " + encoding + " is in the list");
    };
  }
}
