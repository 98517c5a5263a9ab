package io.tacit.protocol.plan;

import java.util.List;

/** One named input of a tabular model and how it becomes numbers. */
public sealed interface Feature {

  /** Most encoded numbers that one feature may have. */
  int WIDTH_MAX = 65_536;

  /** The event attribute it reads. */
  String name();

  /** How many inputs of the model it fills. */
  int width();

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
      if (values.stream().distinct().count() != values.size()) {
        throw new InvalidPlanException(
            "features." + name + ".values", values, "distinct", "remove the repeated value");
      }
      Fields.within(
          "features." + name + ".unknown-buckets", unknownBuckets, 0, 1_024, "1 is usual");
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
  }

  private static void requireName(String name) {
    if (!io.tacit.protocol.Names.isName(name)) {
      throw new InvalidPlanException(
          "features.name",
          "\"" + name + "\"",
          "1 to 64 characters of a-z 0-9 - . _",
          "rename the event attribute");
    }
  }
}
