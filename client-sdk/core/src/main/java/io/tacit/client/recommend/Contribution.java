package io.tacit.client.recommend;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one thing that the device knows of its person added to the score of an item. Immutable. */
public final class Contribution {

  /** What kind of thing. */
  public enum Source {
    /** The person's events on an item. */
    EVENT,
    /** The person's events on all those items that matter less. */
    OTHER_EVENTS,
    /** The item on screen, of the context. */
    ITEM_ON_SCREEN,
    /** An interest, of the context. */
    INTEREST,
    /** What else the device knows of the person: attributes that the plan's user features read. */
    PROFILE,
    /** What training left on the device and no single event that is there accounts for. */
    TRAINING
  }

  private final Source source;
  private final @Nullable String eventKind;
  private final @Nullable String itemId;
  private final double value;
  private final String text;

  Contribution(
      Source source,
      @Nullable String eventKind,
      @Nullable String itemId,
      double value,
      String text) {
    this.source = source;
    this.eventKind = eventKind;
    this.itemId = itemId;
    this.value = value;
    this.text = text;
  }

  /** What kind of thing it is. */
  public Source source() {
    return source;
  }

  /** For events: what the person did, last. */
  public Optional<String> eventKind() {
    return Optional.ofNullable(eventKind);
  }

  /** For events and the item on screen: the app's name of the item. */
  public Optional<String> itemId() {
    return Optional.ofNullable(itemId);
  }

  /** What was added to the score; below 0 if it spoke against the item. */
  public double value() {
    return value;
  }

  /**
   * A sentence to show, e.g. "Because you viewed Apple". Plain text with titles as they are in the
   * catalogue: to put it into HTML, escape it.
   */
  public String text() {
    return text;
  }

  /** Prints no content: it tells of a person. */
  @Override
  public String toString() {
    return "Contribution[" + source + "]";
  }
}
