package io.tacit.client.recommend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The situation in which a person asks: the item on screen, interests that they told or that the
 * place in the app stands for. It counts for one request like items that the person chose; nothing
 * of it is stored. Models have no other inputs of context, so there is nothing else to say here.
 * Immutable; each method returns a changed copy.
 */
public final class RecommendationContext {

  /** Interests of one context. */
  public static final int INTERESTS_MAX = 8;

  private static final RecommendationContext NONE = new RecommendationContext(null, List.of());

  private final @Nullable String itemOnScreen;
  private final List<Interest> interests;

  /** An attribute of items and a value of it. */
  record Interest(String attribute, String value) {}

  private RecommendationContext(@Nullable String itemOnScreen, List<Interest> interests) {
    this.itemOnScreen = itemOnScreen;
    this.interests = interests;
  }

  /** Nothing in particular. */
  public static RecommendationContext none() {
    return NONE;
  }

  /**
   * With an item on screen: the list leads on from it, and does not contain it. Where a model
   * counts the latest items more, it is the latest, unless the person chose it before: then it
   * counts where it stands.
   */
  public RecommendationContext onItem(String itemId) {
    return new RecommendationContext(itemId, interests);
  }

  /**
   * With an interest in items of some kind: their most popular ones count as chosen, before all
   * that the person did. For a person of whom nothing is known yet, e.g. after "what are you
   * interested in?", and for sections of an app.
   *
   * @param attribute of the item file
   * @param value that items of interest have
   */
  public RecommendationContext interestedIn(String attribute, String value) {
    if (interests.size() == INTERESTS_MAX) {
      throw new IllegalArgumentException(
          "there are " + INTERESTS_MAX + " interests already, must be at most " + INTERESTS_MAX);
    }
    List<Interest> more = new ArrayList<>(interests);
    more.add(new Interest(attribute, value));
    return new RecommendationContext(itemOnScreen, List.copyOf(more));
  }

  boolean isEmpty() {
    return itemOnScreen == null && interests.isEmpty();
  }

  Optional<String> itemOnScreen() {
    return Optional.ofNullable(itemOnScreen);
  }

  List<Interest> interests() {
    return interests;
  }

  /** Prints no content: it tells of a person. */
  @Override
  public String toString() {
    return "RecommendationContext[" + interests.size() + " interests]";
  }
}
