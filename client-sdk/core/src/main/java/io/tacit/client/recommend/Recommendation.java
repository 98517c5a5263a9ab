package io.tacit.client.recommend;

import org.jspecify.annotations.Nullable;

/** An item that a person may want. Immutable. */
public final class Recommendation {

  private final String itemId;
  private final String title;
  private final double score;

  Recommendation(String itemId, String title, double score) {
    this.itemId = itemId;
    this.title = title;
    this.score = score;
  }

  /** The app's name of the item. */
  public String itemId() {
    return itemId;
  }

  /** The item's title, from the catalogue. */
  public String title() {
    return title;
  }

  /** How well it fits: a logit, higher is better; comparable within one list only. */
  public double score() {
    return score;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recommendation that
        && itemId.equals(that.itemId)
        && title.equals(that.title)
        && score == that.score;
  }

  @Override
  public int hashCode() {
    return itemId.hashCode();
  }

  @Override
  public String toString() {
    return "Recommendation[" + itemId + ": " + title + "]";
  }
}
