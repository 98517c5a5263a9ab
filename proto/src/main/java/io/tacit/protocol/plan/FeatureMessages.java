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
    } else if (schema instanceof FeatureSchema.Attributes attributes) {
      message.setLabel(attributes.label());
      for (Feature feature : attributes.features()) {
        message.addFeatures(encode(feature));
      }
    }
    return message.build();
  }

  static FeatureSchema decode(io.tacit.protocol.v1.FeatureSchema message) {
    int mappingVersion = message.getMappingVersion() == 0 ? 1 : message.getMappingVersion();
    // First: a newer mapping may have kinds of features of which nothing can be read here.
    FeatureSchema.requireKnown(mappingVersion);
    if (message.getFeaturesCount() > 0) {
      List<Feature> features = new ArrayList<>();
      for (io.tacit.protocol.v1.Feature feature : message.getFeaturesList()) {
        features.add(decode(feature, features));
      }
      return new FeatureSchema.Attributes(mappingVersion, features, message.getLabel());
    }
    return new FeatureSchema.Items(
        mappingVersion,
        catalogueHash(message.getCatalogueHash().toByteArray()),
        message.getCatalogueItems(),
        message.getUnknownItemBuckets(),
        new HashSet<>(message.getPositiveEventsList()));
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

  private static Feature decode(io.tacit.protocol.v1.Feature message, List<Feature> earlier) {
    String name = message.getName();
    return switch (message.getEncodingCase()) {
      case NUMERIC ->
          new Feature.Numeric(
              name, message.getNumeric().getMean(), message.getNumeric().getStandardDeviation());
      case PRIVATE_NUMERIC ->
          new Feature.PrivateNumeric(
              name,
              message.getPrivateNumeric().getPriorMean(),
              message.getPrivateNumeric().getPriorStandardDeviation(),
              message.getPrivateNumeric().getPriorCount(),
              message.getPrivateNumeric().getBound());
      case CATEGORICAL ->
          new Feature.Categorical(
              name,
              message.getCategorical().getValuesList(),
              message.getCategorical().getUnknownBuckets());
      case ITEM_ID ->
          new Feature.ItemId(
              name, message.getItemId().getValuesList(), message.getItemId().getUnknownBuckets());
      case HASHED_TEXT ->
          new Feature.HashedText(
              name, message.getHashedText().getBuckets(), message.getHashedText().getNgramLength());
      case DENSE_VECTOR ->
          new Feature.DenseVector(
              name,
              message.getDenseVector().getDimension(),
              message.getDenseVector().getNormalised());
      case POOLED ->
          new Feature.Pooled(
              name,
              Feature.Pooled.source(name, message.getPooled().getOf(), earlier),
              message.getPooled().getLast(),
              message.getPooled().getHalfLife(),
              new HashSet<>(message.getPooled().getEventsList()));
      case ENCODING_NOT_SET ->
          throw InvalidPlanException.newer(
              "features." + name,
              "of a newer kind",
              "numeric, private numeric, categorical, item id, hashed text, dense vector or pooled");
    };
  }
}
