package io.tacit.client.recommend;

import io.tacit.protocol.ContentHash;
import java.util.ArrayList;
import java.util.List;

/**
 * Why an item was recommended. For the person alone: it tells what they did. Immutable.
 *
 * <p>Guarantee: the contributions sum to {@code score - baseline} within 1e-4, and name nothing but
 * what is on the device: own events, the request, and titles of the catalogue.
 */
public final class Explanation {

  /** Items with events that are told apart, the weightiest; the others are one contribution. */
  public static final int EVENTS_MAX = 100;

  private final String itemId;
  private final ContentHash model;
  private final double baseline;
  private final double score;
  private final List<Contribution> contributions;
  private final String otherwise;

  Explanation(
      String itemId,
      ContentHash model,
      double baseline,
      double score,
      List<Contribution> contributions,
      String otherwise) {
    this.itemId = itemId;
    this.model = model;
    this.baseline = baseline;
    this.score = score;
    this.contributions = List.copyOf(contributions);
    this.otherwise = otherwise;
  }

  /** The app's name of the item. */
  public String itemId() {
    return itemId;
  }

  /** SHA-256 of the file of the model that recommended it. */
  public ContentHash model() {
    return model;
  }

  /** The score for somebody of whom nothing is known. */
  public double baseline() {
    return baseline;
  }

  /** The score for this person; that of the recommendation, up to rounding. */
  public double score() {
    return score;
  }

  /** What made the difference, the most helpful first. */
  public List<Contribution> contributions() {
    return contributions;
  }

  /** The best reason, ready to show. */
  public String text() {
    return texts(1).get(0);
  }

  /**
   * The best reasons, ready to show: what spoke for the item, or a general sentence if nothing did.
   *
   * @param max how many at most, 1 or more
   */
  public List<String> texts(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max is " + max + ", must be at least 1");
    }
    List<String> texts = new ArrayList<>();
    for (Contribution contribution : contributions) {
      if (contribution.value() > 0 && texts.size() < max) {
        texts.add(contribution.text());
      }
    }
    return texts.isEmpty() ? List.of(otherwise) : texts;
  }

  /** Prints no reasons: they tell of a person. */
  @Override
  public String toString() {
    return "Explanation[" + itemId + ", " + contributions.size() + " contributions]";
  }
}
