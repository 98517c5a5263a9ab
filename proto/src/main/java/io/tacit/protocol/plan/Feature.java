package io.tacit.protocol.plan;

import io.tacit.protocol.Names;
import java.util.List;
import java.util.Set;

/**
 * One named input of a tabular model and how it becomes numbers, under the {@link
 * FeatureSchema#MAPPING_VERSION mapping} of its schema. What an event does not carry is all zeros.
 */
public sealed interface Feature {

  /** Most encoded numbers that one feature may have. */
  int WIDTH_MAX = 65_536;

  /** Characters of the longest text, and so n-grams at most. */
  int TEXT_LENGTH_MAX = 1_024;

  /** Elements of the longest vector. */
  int DIMENSION_MAX = 4_096;

  /** Earlier events that a pooled feature may look back on. */
  int POOLED_EVENTS_MAX = 200;

  /**
   * Distinct within a schema. Of features that read an attribute of the event, also its name: all
   * but {@link ItemId} and {@link Pooled}.
   */
  String name();

  /** How many inputs of the model it fills. */
  int width();

  /** How many of them one event can make other than 0: a history has to keep as many. */
  default int filledMax() {
    return 1;
  }

  /**
   * A number, normalised to {@code (x - mean) / standardDeviation}.
   *
   * @param name the event attribute
   * @param mean finite
   * @param standardDeviation positive and finite
   */
  record Numeric(String name, double mean, double standardDeviation) implements Feature {

    public Numeric {
      requireName(name);
      Fields.within(
          "features." + name + ".mean", mean, -Double.MAX_VALUE, Double.MAX_VALUE, "0 is neutral");
      Fields.within(
          "features." + name + ".standard-deviation",
          standardDeviation,
          Double.MIN_NORMAL,
          Double.MAX_VALUE,
          "1 is neutral");
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /**
   * A number, normalised by the running mean and standard deviation of what this device's earlier
   * events carry; these never leave the device. The prior stands for as many earlier values as it
   * counts, so that a new device begins with it and an old one hardly remembers it.
   *
   * <p>The result is cut off at the bound. So is what the statistics learn from a value: an outlier
   * moves them as a value at the bound would.
   *
   * @param name the event attribute
   * @param priorMean in the range of float
   * @param priorStandardDeviation 1e-30 to the largest float
   * @param priorCount 1 to 10 000
   * @param bound in standard deviations, 1 to 100
   */
  record PrivateNumeric(
      String name, double priorMean, double priorStandardDeviation, int priorCount, double bound)
      implements Feature {

    public PrivateNumeric {
      requireName(name);
      String field = "features." + name;
      Fields.within(
          field + ".prior-mean", priorMean, -Float.MAX_VALUE, Float.MAX_VALUE, "0 is neutral");
      Fields.within(
          field + ".prior-standard-deviation",
          priorStandardDeviation,
          1e-30,
          Float.MAX_VALUE,
          "1 is neutral");
      Fields.within(field + ".prior-count", priorCount, 1, 10_000, "10 is usual");
      Fields.within(field + ".bound", bound, 1, 100, "5 is usual");
    }

    @Override
    public int width() {
      return 1;
    }
  }

  /**
   * One of a list, one-hot; a value outside the list goes to one of the buckets by its hash, or
   * nowhere if there are none.
   *
   * @param name the event attribute
   * @param values the list, distinct, at least one
   * @param unknownBuckets 0 to 1 024
   */
  record Categorical(String name, List<String> values, int unknownBuckets) implements Feature {

    public Categorical {
      requireName(name);
      values = List.copyOf(values);
      Fields.within(
          "features." + name + ".values",
          values.size(),
          1,
          WIDTH_MAX - 1024,
          "list the values (this counts them)");
      requireDistinct(name, values);
      Fields.within(
          "features." + name + ".unknown-buckets", unknownBuckets, 0, 1_024, "1 is usual");
    }

    @Override
    public int width() {
      return values.size() + unknownBuckets;
    }
  }

  /**
   * The item of the event, one-hot; an item outside the list goes to one of the buckets by the hash
   * of its id, as unknown items of a catalogue do, or nowhere if there are none.
   *
   * @param name of the feature; no attribute is read
   * @param values ids of items, distinct, may be empty
   * @param unknownBuckets 0 to 65 536; at least 1 without values, and together with them at most as
   *     many
   */
  record ItemId(String name, List<String> values, int unknownBuckets) implements Feature {

    public ItemId {
      requireName(name);
      values = List.copyOf(values);
      Fields.within(
          "features." + name + ".values",
          values.size(),
          0,
          WIDTH_MAX,
          "list the items that matter most (this counts them)");
      requireDistinct(name, values);
      Fields.within(
          "features." + name + ".unknown-buckets",
          unknownBuckets,
          values.isEmpty() ? 1 : 0,
          WIDTH_MAX - values.size(),
          "64 is usual; values and buckets share " + WIDTH_MAX + " inputs");
    }

    @Override
    public int width() {
      return values.size() + unknownBuckets;
    }
  }

  /**
   * A text as the L2-normalised counts of its hashed character n-grams.
   *
   * @param name the event attribute
   * @param buckets 1 to 65 536
   * @param ngramLength characters per n-gram, 1 to 8
   */
  record HashedText(String name, int buckets, int ngramLength) implements Feature {

    public HashedText {
      requireName(name);
      Fields.within("features." + name + ".buckets", buckets, 1, WIDTH_MAX, "64 is usual");
      Fields.within("features." + name + ".ngram-length", ngramLength, 1, 8, "3 is usual");
    }

    @Override
    public int width() {
      return buckets;
    }

    @Override
    public int filledMax() {
      return Math.min(buckets, TEXT_LENGTH_MAX);
    }
  }

  /**
   * A vector that the app made, such as an embedding of an image, a sound or a text.
   *
   * @param name the event attribute
   * @param dimension 1 to {@value #DIMENSION_MAX}
   * @param normalised whether each is scaled to L2 norm 1; one of zeros stays
   */
  record DenseVector(String name, int dimension, boolean normalised) implements Feature {

    public DenseVector {
      requireName(name);
      Fields.within(
          "features." + name + ".dimension",
          dimension,
          1,
          DIMENSION_MAX,
          "set it to what the app's embedding has");
    }

    @Override
    public int width() {
      return dimension;
    }

    @Override
    public int filledMax() {
      return dimension;
    }
  }

  /**
   * The mean of another feature over the events before the one at hand, which is never among them:
   * of a categorical feature the share of each value, of a vector the mean vector. Events without
   * the other feature, or with one that does not fit, do not count.
   *
   * @param name of the feature; no attribute is read
   * @param of the other feature, which its schema lists before this one; neither pooled nor private
   *     numeric
   * @param last over at most so many, the latest; 1 to {@value #POOLED_EVENTS_MAX}
   * @param halfLife an event counts half of one that is so many places later, 0.1 to 1 000; or 0,
   *     and all count the same
   * @param events names of the kinds of events that count; empty for all
   */
  record Pooled(String name, Feature of, int last, double halfLife, Set<String> events)
      implements Feature {

    public Pooled {
      requireName(name);
      events = Set.copyOf(events);
      String field = "features." + name;
      if (of instanceof Pooled || of instanceof PrivateNumeric) {
        throw new InvalidPlanException(
            field + ".of",
            of.name(),
            "neither pooled nor private numeric",
            "pool another feature: the mean of a privately normalised number is 0 for everybody");
      }
      Fields.within(field + ".last", last, 1, POOLED_EVENTS_MAX, "20 is usual");
      if (halfLife != 0) {
        Fields.within(field + ".half-life", halfLife, 0.1, 1_000, "or 0, to let all count alike");
      }
      for (String event : events) {
        if (!Names.isName(event)) {
          throw new InvalidPlanException(
              field + ".events",
              "\"" + event + "\"",
              "names of 1 to 64 characters of a-z 0-9 - . _",
              "use the names of event kinds, such as click or add-to-cart");
        }
      }
    }

    /**
     * The feature that a pooled one names.
     *
     * @param name of the pooled feature
     * @param of name of the feature that it pools
     * @param earlier the features that are listed before it
     * @throws InvalidPlanException if none of them has that name
     */
    public static Feature source(String name, String of, List<Feature> earlier) {
      return earlier.stream()
          .filter(feature -> feature.name().equals(of))
          .findFirst()
          .orElseThrow(
              () ->
                  new InvalidPlanException(
                      "features." + name + ".of",
                      "\"" + of + "\"",
                      "the name of a feature that is listed before",
                      "list that one first"));
    }

    @Override
    public int width() {
      return of.width();
    }

    @Override
    public int filledMax() {
      return of.width();
    }
  }

  private static void requireName(String name) {
    if (!Names.isName(name)) {
      throw new InvalidPlanException(
          "features.name",
          "\"" + name + "\"",
          "1 to 64 characters of a-z 0-9 - . _",
          "rename the event attribute");
    }
  }

  private static void requireDistinct(String name, List<String> values) {
    if (values.stream().distinct().count() != values.size()) {
      throw new InvalidPlanException(
          "features." + name + ".values", values, "distinct", "remove the repeated value");
    }
  }
}
