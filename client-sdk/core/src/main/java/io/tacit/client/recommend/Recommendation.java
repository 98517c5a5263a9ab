package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * An item that a person may want. Immutable. Remembers what {@link Recommender#why} needs, which is
 * shared by all recommendations of a list.
 */
public final class Recommendation {

  private final String itemId;
  private final String title;
  private final double score;
  private final int rank;
  private final int row;
  private final PersonalView view;

  /**
   * @param row of the item in the model of the view
   * @param view of the person that it was scored for
   */
  Recommendation(String itemId, String title, double score, int rank, int row, PersonalView view) {
    this.itemId = itemId;
    this.title = title;
    this.score = score;
    this.rank = rank;
    this.row = row;
    this.view = view;
  }

  /** The app's name of the item. */
  public String itemId() {
    return itemId;
  }

  /** The item's title, from the app's item file or the catalogue; its id where it has none. */
  public String title() {
    return title;
  }

  /** How well it fits: a logit, higher is better; comparable within one list only. */
  public double score() {
    return score;
  }

  /** Its place in the list, from 1. */
  public int rank() {
    return rank;
  }

  /** SHA-256 of the file of the model that recommends it. */
  public ContentHash model() {
    return view.modelHash();
  }

  int row() {
    return row;
  }

  PersonalView view() {
    return view;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Recommendation that
        && itemId.equals(that.itemId)
        && title.equals(that.title)
        && score == that.score
        && rank == that.rank
        && model().equals(that.model());
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
