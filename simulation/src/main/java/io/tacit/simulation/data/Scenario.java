package io.tacit.simulation.data;

import io.tacit.simulation.data.ItemAttribute.Label;
import io.tacit.simulation.data.ItemAttribute.Quantity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The four kinds of app that synthetic data comes in: each has a schema and its own titles. */
public enum Scenario {
  /** A shop: price, category, brand. */
  ECOMMERCE(
      AttributeField.quantity("price", "EUR"),
      AttributeField.label("category"),
      AttributeField.label("brand")) {
    @Override
    List<ItemAttribute> attributes(Traits traits, RandomGenerator random) {
      double euros = Math.exp(2.5 + 0.25 * traits.topicIndex() + 0.5 * random.nextGaussian());
      return List.of(
          new Quantity(rounded(euros, 100)), new Label(traits.topic()), new Label(traits.maker()));
    }

    @Override
    String title(Traits traits, String modifier, String noun) {
      return traits.maker() + " " + modifier + " " + noun;
    }
  },
  /** A network of posts: topics, author. */
  SOCIAL(AttributeField.labels("topics"), AttributeField.label("author")) {
    @Override
    List<ItemAttribute> attributes(Traits traits, RandomGenerator random) {
      return List.of(new ItemAttribute.Labels(List.of(traits.topic())), new Label(traits.maker()));
    }
  },
  /** A newspaper: section, age. What is read most tends to be fresh. */
  NEWS(AttributeField.label("section"), AttributeField.quantity("age", "hours")) {
    @Override
    List<ItemAttribute> attributes(Traits traits, RandomGenerator random) {
      double hours = 1 + 120 * traits.obscurity() + 12 * random.nextDouble();
      return List.of(new Label(traits.topic()), new Quantity(rounded(hours, 10)));
    }

    @Override
    String title(Traits traits, String modifier, String noun) {
      return noun + ": " + modifier;
    }
  },
  /** Music and video: genre, duration, completion. An interaction's value is the share played. */
  MEDIA(
      AttributeField.label("genre"),
      AttributeField.quantity("duration", "minutes"),
      AttributeField.quantity("completion", "mean share played, 0 to 1")) {
    @Override
    List<ItemAttribute> attributes(Traits traits, RandomGenerator random) {
      double minutes = 3 + 80 * random.nextDouble();
      return List.of(
          new Label(traits.topic()),
          new Quantity(rounded(minutes, 10)),
          new Quantity(rounded(share(0.8 - 0.4 * traits.obscurity(), random), 100)));
    }

    @Override
    float value(Item item, RandomGenerator random) {
      return item.attributes().get(2) instanceof Quantity completion
          ? (float) rounded(share(completion.amount(), random), 100)
          : 1;
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
  private final List<AttributeField> schema;

  Scenario(AttributeField... schema) {
    this.schema = List.of(schema);
  }

  /**
   * What the generator knows of an item before it has a title.
   *
   * @param maker brand or author, empty if the scenario has none
   * @param obscurity 0 for the most popular item to 1 for the least
   */
  record Traits(String topic, int topicIndex, String maker, double obscurity) {}

  /** The attributes of every item. */
  public List<AttributeField> schema() {
    return schema;
  }

  /** The name in option texts: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scenario of that label, if there is one. */
  public static Optional<Scenario> ofLabel(String label) {
    return Arrays.stream(values()).filter(scenario -> scenario.label().equals(label)).findFirst();
  }

  /** An item's attributes, one per field of the schema. */
  abstract List<ItemAttribute> attributes(Traits traits, RandomGenerator random);

  /** An item's title. */
  String title(Traits traits, String modifier, String noun) {
    return modifier + " " + noun;
  }

  /** How strong an interaction with the item is. */
  float value(Item item, RandomGenerator random) {
    return 1;
  }

  private static double share(double mean, RandomGenerator random) {
    return Math.max(0, Math.min(1, mean + 0.1 * random.nextGaussian()));
  }

  private static double rounded(double amount, int partsOfOne) {
    return (double) Math.round(amount * partsOfOne) / partsOfOne;
  }
}
