package io.tacit.client.behaviour;

import io.tacit.protocol.Names;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a person did, such as a click on an item. Immutable; {@code toString} prints no
 * data.
 */
public final class BehaviourEvent {

  /** A person looked at an item. */
  public static final String VIEW = "view";

  /** A person chose an item. */
  public static final String CLICK = "click";

  /** A person liked an item. */
  public static final String LIKE = "like";

  /** A person put an item into the basket. */
  public static final String ADD_TO_CART = "add-to-cart";

  /** A person bought an item. */
  public static final String PURCHASE = "purchase";

  /** A person sent an item to somebody. */
  public static final String SHARE = "share";

  /** A person played an item. */
  public static final String PLAY = "play";

  /** A person went past an item. */
  public static final String SKIP = "skip";

  /** A person does not want an item. */
  public static final String DISMISS = "dismiss";

  /** Characters of the longest item id. */
  public static final int ITEM_ID_LENGTH_MAX = 256;

  /** Attributes of one event. */
  public static final int ATTRIBUTES_MAX = 32;

  /** Characters of the longest text of an attribute. */
  public static final int TEXT_LENGTH_MAX = 1024;

  /** Elements of all vectors of one event together. */
  public static final int VECTOR_ELEMENTS_MAX = 4_096;

  private final String kind;
  private final @Nullable String itemId;
  private final long epochMillis;
  private final Map<String, Double> numbers;
  private final Map<String, String> texts;
  private final Map<String, EventVector> vectors;

  private BehaviourEvent(
      String kind,
      @Nullable String itemId,
      long epochMillis,
      Map<String, Double> numbers,
      Map<String, String> texts,
      Map<String, EventVector> vectors) {
    this.kind = kind;
    this.itemId = itemId;
    this.epochMillis = epochMillis;
    // Most events have no texts, many have no attributes at all: ten thousand are in memory at
    // once.
    this.numbers = numbers.isEmpty() ? Map.of() : Collections.unmodifiableMap(numbers);
    this.texts = texts.isEmpty() ? Map.of() : Collections.unmodifiableMap(texts);
    this.vectors = vectors.isEmpty() ? Map.of() : Collections.unmodifiableMap(vectors);
  }

  /**
   * An event on an item.
   *
   * @param kind one of the kinds above, or any name of a-z 0-9 - . _
   * @param itemId the app's name of the item, 1 to 256 characters, no tab or line break
   * @param at when
   */
  public static BehaviourEvent of(String kind, String itemId, Instant at) {
    boolean hasControl =
        itemId.indexOf('\t') >= 0 || itemId.indexOf('\n') >= 0 || itemId.indexOf('\r') >= 0;
    if (itemId.isEmpty() || itemId.length() > ITEM_ID_LENGTH_MAX || hasControl) {
      throw new IllegalArgumentException(
          "item id has "
              + itemId.length()
              + " characters, must have 1 to "
              + ITEM_ID_LENGTH_MAX
              + " and no tab or line break");
    }
    return create(kind, itemId, at);
  }

  /** An event that is not on an item, for models over attributes. */
  public static BehaviourEvent withoutItem(String kind, Instant at) {
    return create(kind, null, at);
  }

  private static BehaviourEvent create(String kind, @Nullable String itemId, Instant at) {
    Names.check("event kind", kind);
    return new BehaviourEvent(kind, itemId, at.toEpochMilli(), Map.of(), Map.of(), Map.of());
  }

  /**
   * An event that was checked when it was first made.
   *
   * @param numbers in order of name; owned by the event from now on
   * @param texts in order of name; owned by the event from now on
   * @param vectors in order of name; owned by the event from now on
   */
  static BehaviourEvent restored(
      String kind,
      @Nullable String itemId,
      long epochMillis,
      Map<String, Double> numbers,
      Map<String, String> texts,
      Map<String, EventVector> vectors) {
    return new BehaviourEvent(kind, itemId, epochMillis, numbers, texts, vectors);
  }

  /** A {@link #VIEW}. */
  public static BehaviourEvent view(String itemId, Instant at) {
    return of(VIEW, itemId, at);
  }

  /** A {@link #CLICK}. */
  public static BehaviourEvent click(String itemId, Instant at) {
    return of(CLICK, itemId, at);
  }

  /** A {@link #LIKE}. */
  public static BehaviourEvent like(String itemId, Instant at) {
    return of(LIKE, itemId, at);
  }

  /** A {@link #PURCHASE}. */
  public static BehaviourEvent purchase(String itemId, Instant at) {
    return of(PURCHASE, itemId, at);
  }

  /**
   * The same event with a number; it takes the place of an attribute of the same name.
   *
   * @param name of a-z 0-9 - . _
   * @param value finite
   */
  public BehaviourEvent with(String name, double value) {
    Names.check("attribute name", name);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "attribute " + name + " is not finite; leave it out if it is not known");
    }
    return with(name, value, null, null);
  }

  /**
   * The same event with a text; it takes the place of an attribute of the same name.
   *
   * @param name of a-z 0-9 - . _
   * @param value at most 1 024 characters
   */
  public BehaviourEvent with(String name, String value) {
    Names.check("attribute name", name);
    if (value.length() > TEXT_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "attribute "
              + name
              + " has "
              + value.length()
              + " characters, must have at most "
              + TEXT_LENGTH_MAX
              + "; shorten it");
    }
    return with(name, null, value, null);
  }

  /**
   * The same event with a vector, such as an embedding that the app's own model gives of an image,
   * a sound or a text; it takes the place of an attribute of the same name. Vectors of another
   * embedding model are another attribute: give it another name.
   *
   * @param name of a-z 0-9 - . _
   * @param elements finite; all vectors of an event have at most 4 096 together, each of them takes
   *     4 bytes of the store
   */
  public BehaviourEvent with(String name, float[] elements) {
    Names.check("attribute name", name);
    return with(name, null, null, EventVector.of(name, elements));
  }

  private BehaviourEvent with(
      String name, @Nullable Double number, @Nullable String text, @Nullable EventVector vector) {
    BehaviourEvent event =
        new BehaviourEvent(
            kind,
            itemId,
            epochMillis,
            changed(numbers, name, number),
            changed(texts, name, text),
            changed(vectors, name, vector));
    event.requireLimits();
    return event;
  }

  /** The map with this value, or without one of the name. */
  private static <T> Map<String, T> changed(
      Map<String, T> attributes, String name, @Nullable T value) {
    TreeMap<String, T> changed = new TreeMap<>(attributes);
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return changed;
  }

  private void requireLimits() {
    if (attributes() > ATTRIBUTES_MAX) {
      throw new IllegalArgumentException(
          "event has "
              + attributes()
              + " attributes, must have at most "
              + ATTRIBUTES_MAX
              + "; record only what a plan uses");
    }
    int elements = 0;
    for (EventVector vector : vectors.values()) {
      elements += vector.dimension();
    }
    if (elements > VECTOR_ELEMENTS_MAX) {
      throw new IllegalArgumentException(
          "vectors of event have "
              + elements
              + " elements together, must have at most "
              + VECTOR_ELEMENTS_MAX
              + "; use embeddings of a lower dimension");
    }
  }

  private int attributes() {
    return numbers.size() + texts.size() + vectors.size();
  }

  /** What was done. */
  public String kind() {
    return kind;
  }

  /** The item it was done to, if any. */
  public Optional<String> itemId() {
    return Optional.ofNullable(itemId);
  }

  /** When, in milliseconds since 1970 UTC. */
  long epochMillis() {
    return epochMillis;
  }

  /** When, to the millisecond. */
  public Instant at() {
    return Instant.ofEpochMilli(epochMillis);
  }

  /** The attribute of this name, if it is there and a number. */
  public OptionalDouble number(String name) {
    Double value = numbers.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The attribute of this name, if it is there and a text. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  /** The attribute of this name, if it is there and a vector. */
  public Optional<EventVector> vector(String name) {
    return Optional.ofNullable(vectors.get(name));
  }

  /** All attributes that are numbers, in order of name; unmodifiable. */
  public Map<String, Double> numbers() {
    return numbers;
  }

  /** All attributes that are texts, in order of name; unmodifiable. */
  public Map<String, String> texts() {
    return texts;
  }

  /** All attributes that are vectors, in order of name; unmodifiable. */
  public Map<String, EventVector> vectors() {
    return vectors;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BehaviourEvent that
        && kind.equals(that.kind)
        && itemId().equals(that.itemId())
        && epochMillis == that.epochMillis
        && numbers.equals(that.numbers)
        && texts.equals(that.texts)
        && vectors.equals(that.vectors);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Long.hashCode(epochMillis);
  }

  /** Prints no data: what a person did is private. */
  @Override
  public String toString() {
    return "BehaviourEvent[" + attributes() + " attributes]";
  }
}
